import type { RuleId } from '#policy/ids.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import type { ResolvedPolicy } from '#policy/policy.ts';
import type { Intercom } from './ports.ts';
import type { ScanWindow } from './run-record.ts';

const conversationsPerPage = 150;

/** How the conversations will be read. */
export interface ChosenScan {
  readonly scan: 'list' | 'search';
  readonly windows: readonly ScanWindow[];
  readonly workspaceTotal: number | undefined;
}

const dayMs = 86_400_000;
/** Searches widen their dates by a day on each side; windows much wider than that keep what is read twice small. */
const shortestWindowMs = 30 * dayMs;
const windowsAimedAt = 12;
const mostCountsPerRule = 32;

/** Conversations created at or after this do not belong to a plan made at `asOf`. */
export const createdUntil = (asOf: Instant): Instant => instantFromMs(asOf + 1000);

/**
 * Asks for the counts and takes the cheaper scan, or the one that the policy names. When a count that the choice needs
 * is missing, the choice falls on the list, which needs none.
 */
export async function chooseScan(
  intercom: Intercom,
  policy: ResolvedPolicy,
  asOf: Instant,
): Promise<ChosenScan> {
  const workspaceTotal = await intercom.count('all');
  const list: ChosenScan = { scan: 'list', windows: [listWindow(asOf)], workspaceTotal };
  if (policy.scan === 'list' || policy.rules.length === 0) return list;

  const counts = await Promise.all(
    policy.rules.map(async (rule) => ({
      ruleId: rule.id,
      count: await countWindow(intercom, policy, asOf, wholeOf(rule.id, asOf)),
    })),
  );
  if (
    policy.scan === 'auto' &&
    !isSearchCheaper(
      workspaceTotal,
      counts.map(({ count }) => count),
    )
  )
    return list;

  const windows = await Promise.all(
    counts.map(({ ruleId, count }) => splitWindows(intercom, policy, asOf, ruleId, count)),
  );
  return { scan: 'search', windows: windows.flat(), workspaceTotal };
}

function isSearchCheaper(total: number | undefined, counts: readonly (number | undefined)[]): boolean {
  if (total === undefined) return false;
  let searchPages = 0;
  for (const count of counts) {
    if (count === undefined) return false;
    searchPages += pagesFor(count) + (count > conversationsPerPage ? windowsAimedAt * 2 : 0);
  }
  return searchPages < pagesFor(total);
}

const pagesFor = (count: number): number => Math.max(1, Math.ceil(count / conversationsPerPage));

function listWindow(asOf: Instant): ScanWindow {
  return {
    ruleId: undefined,
    createdFrom: undefined,
    createdUntil: createdUntil(asOf),
    cursor: undefined,
    done: false,
  };
}

function wholeOf(ruleId: RuleId, asOf: Instant): ScanWindow {
  return {
    ruleId,
    createdFrom: instantFromMs(0),
    createdUntil: createdUntil(asOf),
    cursor: undefined,
    done: false,
  };
}

interface CountedWindow {
  readonly window: ScanWindow;
  readonly count: number;
}

/** Halves the fullest window again and again, until there are about as many as are read side by side. */
async function splitWindows(
  intercom: Intercom,
  policy: ResolvedPolicy,
  asOf: Instant,
  ruleId: RuleId,
  total: number | undefined,
): Promise<readonly ScanWindow[]> {
  const whole = wholeOf(ruleId, asOf);
  if (total === undefined) return [whole];
  const enough = Math.max(2 * conversationsPerPage, Math.ceil(total / windowsAimedAt));
  let windows: readonly CountedWindow[] = [{ window: whole, count: total }];
  let countsLeft = mostCountsPerRule;

  while (countsLeft > 0) {
    const tooFull = windows.filter(({ window, count }) => count > enough && middleOf(window) !== undefined);
    if (tooFull.length === 0) break;
    countsLeft -= tooFull.length;
    const halves = await Promise.all(tooFull.map((full) => halve(intercom, policy, asOf, full)));
    windows = [...windows.filter((window) => !tooFull.includes(window)), ...halves.flat()];
  }
  return windows.map(({ window }) => window);
}

async function halve(
  intercom: Intercom,
  policy: ResolvedPolicy,
  asOf: Instant,
  { window, count }: CountedWindow,
): Promise<readonly CountedWindow[]> {
  const middle = middleOf(window);
  if (middle === undefined) return [{ window, count }];
  const older: ScanWindow = { ...window, createdUntil: middle };
  const newer: ScanWindow = { ...window, createdFrom: middle };
  const olderCount = (await countWindow(intercom, policy, asOf, older)) ?? count;
  // The halves overlap by the days that searches are widened by, so the rest is only about right: good enough to split by.
  return [
    { window: older, count: olderCount },
    { window: newer, count: Math.max(0, count - olderCount) },
  ];
}

function middleOf({ createdFrom, createdUntil: until }: ScanWindow): Instant | undefined {
  if (createdFrom === undefined || until === undefined) return undefined;
  // Hardly anything is older than Intercom itself: the first cut skips the empty decades.
  const from = createdFrom === 0 ? firstIntercomYear : createdFrom;
  if (until - from < 2 * shortestWindowMs) return undefined;
  return instantFromMs(Math.floor((from + until) / 2));
}

const firstIntercomYear = Date.UTC(2011, 0, 1);

function countWindow(
  intercom: Intercom,
  policy: ResolvedPolicy,
  asOf: Instant,
  window: ScanWindow,
): Promise<number | undefined> {
  return intercom.count(queryOf(policy, asOf, window));
}

/** The search that reads one window. */
export function queryOf(policy: ResolvedPolicy, asOf: Instant, window: ScanWindow) {
  const rule = policy.rules.find(({ id }) => id === window.ruleId);
  if (rule === undefined) throw new Error(`The policy has no rule "${String(window.ruleId)}" to search for.`);
  return {
    when: rule.when,
    asOf,
    createdFrom: window.createdFrom ?? instantFromMs(0),
    createdUntil: window.createdUntil ?? createdUntil(asOf),
  };
}
