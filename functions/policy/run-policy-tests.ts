import type { Facts } from './facts.ts';
import type { Instant } from './instant.ts';
import { keepText } from './keep-text.ts';
import { nearestName } from './nearest-name.ts';
import type { NamedPolicy, ResolvedPolicy } from './policy.ts';
import { directoryOfNames } from './policy-names.ts';
import type { Expectation, PolicyTest } from './policy-test.ts';
import { resolveNames } from './resolve-names.ts';
import { forTrigger, type Verdict, verdict } from './verdict.ts';

/** A test of which something else came than it expects. */
export interface FailedTest {
  /** Of the test in the file's list, from 0. */
  readonly at: number;
  readonly name: string;
  /** One sentence: what was expected, and what came of it. */
  readonly message: string;
  /** What `explain` needs to show why. */
  readonly judged: { readonly policy: ResolvedPolicy; readonly facts: Facts; readonly now: Instant };
}

/** The tests that fail, with the function that judges when conversations are deleted. Asks nobody for anything. */
export function failedTests(policy: NamedPolicy, tests: readonly PolicyTest[]): readonly FailedTest[] {
  if (tests.length === 0) return [];
  const resolution = resolveNames(policy, directoryOfNames(policy));
  if (!resolution.ok) throw new Error('Every name of a policy is in the directory of its names.');
  const { policy: resolved } = resolution;
  return tests.flatMap(({ name, at: now, on, facts, expected }, at) => {
    const judgedBy = forTrigger(resolved, on);
    const got = verdict(judgedBy, facts, now);
    if (meets(expected, got)) return [];
    const told = `expected ${expectedText(expected)}, got ${gotText(got)}`;
    const message = `The test ${JSON.stringify(name)} fails: ${told}${remedy(policy, expected, got)}.`;
    return [{ at, name, message, judged: { policy: judgedBy, facts, now } }];
  });
}

/** A conversation that stays only because a fact is unknown does not meet a plain `keep`: the test may have forgotten the fact. */
function meets(expected: Expectation, got: Verdict): boolean {
  if (expected.kind === 'delete') {
    if (got.kind !== 'delete') return false;
    const { id, retainMetrics } = got.rule;
    return (expected.rule ?? id) === id && (expected.retainMetrics ?? retainMetrics) === retainMetrics;
  }
  if (got.kind !== 'keep') return false;
  const { reason } = got;
  if (expected.by !== undefined) return reason.code === 'protected' && reason.by === expected.by;
  return expected.because === undefined ? reason.code !== 'unknown_fact' : reason.code === expected.because;
}

function expectedText(expected: Expectation): string {
  if (expected.kind === 'keep') {
    const { because, by } = expected;
    if (by !== undefined) return `keep (protected by ${by})`;
    return because === undefined ? 'keep' : `keep (${because})`;
  }
  const { rule, retainMetrics } = expected;
  return [
    'delete',
    ...(rule === undefined ? [] : [`by the rule ${JSON.stringify(rule)}`]),
    ...(retainMetrics === undefined ? [] : [`with retain_metrics: ${retainMetrics}`]),
  ].join(' ');
}

const gotText = (got: Verdict): string =>
  got.kind === 'delete'
    ? `delete by the rule "${got.rule.id}" with retain_metrics: ${got.rule.retainMetrics}`
    : `keep (${got.reason.code}: ${keepText(got.reason)})`;

/** What to look at first, where the test itself is the likely mistake. */
function remedy(policy: NamedPolicy, expected: Expectation, got: Verdict): string {
  if (expected.kind === 'delete' && expected.rule !== undefined) {
    const ids: readonly string[] = policy.rules.map(({ id }) => id);
    if (ids.includes(expected.rule)) return '';
    const nearest = nearestName(expected.rule, ids);
    return `; the policy has no such rule${nearest === undefined ? '' : `, the nearest is "${nearest}"`}`;
  }
  const isPlainKeep = expected.kind === 'keep' && expected.because === undefined && expected.by === undefined;
  return isPlainKeep && got.kind === 'keep'
    ? '; write the fact, or expect keep with because: unknown_fact'
    : '';
}
