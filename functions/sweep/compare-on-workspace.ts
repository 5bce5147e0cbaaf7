import type { Directory } from '#policy/directory.ts';
import type { Instant } from '#policy/instant.ts';
import type { NamedPolicy, ResolvedPolicy, RuleTrigger } from '#policy/policy.ts';
import { policyNames } from '#policy/policy-names.ts';
import { directoryNeeds, resolveNames } from '#policy/resolve-names.ts';
import { forTrigger } from '#policy/verdict.ts';
import { chooseScan, queryOf } from './choose-scan.ts';
import { type ComparisonCounts, tallyComparison } from './comparison-tally.ts';
import { ConfigurationError, OutsideError } from './errors.ts';
import { indexHolds } from './holds.ts';
import { identify } from './identify.ts';
import { mergeRules } from './merge-rules.ts';
import { nextCursor } from './next-cursor.ts';
import { createPageComparer } from './page-comparer.ts';
import type { Clock, ConversationPage, Intercom, RunState, Workspace } from './ports.ts';
import type { ScanWindow } from './run-record.ts';
import type { SweepEvent } from './sweep-deps.ts';
import { workThrough } from './worker-pool.ts';

export interface ComparisonDeps {
  readonly intercom: Intercom;
  readonly state: Pick<RunState, 'readHolds' | 'deletionsInLastDay'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly observe: (event: SweepEvent) => void;
}

export interface ComparisonRequest {
  readonly before: NamedPolicy;
  readonly after: NamedPolicy;
  /** With the rules for this. */
  readonly on: RuleTrigger;
  readonly sampleSize: number;
  readonly stop: AbortSignal;
}

export interface WorkspaceComparison extends ComparisonCounts {
  readonly workspace: Workspace;
  /** The instant at which both policies judge. */
  readonly asOf: Instant;
  readonly scan: 'list' | 'search';
  /** Conversations read; a search for several rules may read one more than once. */
  readonly scanned: number;
  /** Items that had no readable id. */
  readonly unreadable: number;
  readonly workspaceTotal: number | undefined;
  readonly deletedInLastDay: number;
  readonly holds: number;
  readonly apiCalls: number;
  /** Of the tags and teams that either policy names. */
  readonly names: Pick<Directory, 'tags' | 'teams'>;
}

const windowsSideBySide = 8;

/**
 * Judges the conversations of the workspace by both policies, at the same instant and under the same holds. Reads, and writes nothing: not
 * to Intercom, and not to the store.
 * @throws ConfigurationError for the token of another workspace, or a name that does not resolve
 */
export async function compareOnWorkspace(
  deps: ComparisonDeps,
  request: ComparisonRequest,
): Promise<WorkspaceComparison> {
  const { intercom, state, clock, observe } = deps;
  const { workspaceId } = request.after;
  const callsBefore = intercom.usage().calls;
  const workspace = await identify(intercom, request.after);
  observe({ kind: 'identified', workspace });
  const holds = await state.readHolds(workspaceId);
  const deletedInLastDay = await state.deletionsInLastDay(workspaceId, clock.now());
  const { before, after, names } = await resolveBoth(intercom, request);
  const asOf = clock.now();
  const search = mergeRules(before, after);
  const chosen = await chooseScan(intercom, search, asOf);
  const comparer = createPageComparer(
    { before, after, asOf, holds: indexHolds(holds) },
    tallyComparison(request.sampleSize),
  );
  const expected = chosen.scan === 'list' ? chosen.workspaceTotal : undefined;

  const readWindow = async (begun: ScanWindow): Promise<void> => {
    const cursors = new Set<string>();
    for (let window: ScanWindow | undefined = begun; window !== undefined; ) {
      assertGoingOn(request.stop);
      const page: ConversationPage =
        window.ruleId === undefined
          ? await intercom.listPage(window.cursor)
          : await intercom.searchPage(queryOf(search, asOf, window), window.cursor);
      comparer.compare(page, window);
      const { scanned, candidates } = comparer;
      observe({ kind: 'scanning', scan: chosen.scan, scanned, candidates, expected });
      const cursor = nextCursor(page, cursors);
      window = cursor === undefined ? undefined : { ...window, cursor };
    }
  };
  // Without a rule there is nothing to look for.
  const windows = search.rules.length === 0 ? [] : chosen.windows;
  await workThrough(windows, windowsSideBySide, readWindow);
  return {
    ...comparer.counts,
    workspace,
    asOf,
    scan: chosen.scan,
    scanned: comparer.scanned,
    unreadable: comparer.unreadable,
    workspaceTotal: chosen.workspaceTotal,
    deletedInLastDay,
    holds: holds.length,
    apiCalls: intercom.usage().calls - callsBefore,
    names,
  };
}

async function resolveBoth(
  intercom: Intercom,
  { before, after, on }: ComparisonRequest,
): Promise<{
  readonly before: ResolvedPolicy;
  readonly after: ResolvedPolicy;
  readonly names: WorkspaceComparison['names'];
}> {
  const kinds = new Set([...directoryNeeds(before), ...directoryNeeds(after)]);
  const directory = await intercom.directory([...kinds]);
  const resolutions = [resolveNames(before, directory), resolveNames(after, directory)] as const;
  const [old, changed] = resolutions;
  if (!old.ok || !changed.ok) {
    const problems = resolutions.flatMap((resolution, at) =>
      resolution.ok
        ? []
        : resolution.problems.map(({ message }) => `The ${at === 0 ? 'old' : 'new'} policy: ${message}`),
    );
    throw new ConfigurationError(problems.join('\n'));
  }
  const [were, are] = [policyNames(before), policyNames(after)];
  const named = new Set([...were.tags, ...were.teams, ...are.tags, ...are.teams]);
  return {
    before: forTrigger(old.policy, on),
    after: forTrigger(changed.policy, on),
    names: {
      tags: directory.tags.filter(({ name }) => named.has(name)),
      teams: directory.teams.filter(({ name }) => named.has(name)),
    },
  };
}

function assertGoingOn(stop: AbortSignal): void {
  if (!stop.aborted) return;
  throw new OutsideError(
    'Stopped before every conversation was read, so nothing can be said; run it again.',
    {
      retryable: true,
    },
  );
}
