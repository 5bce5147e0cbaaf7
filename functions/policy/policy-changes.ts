import { formatDuration, isNeverShorter } from './duration.ts';
import type { NamedPolicy } from './policy.ts';
import type { PolicyChange } from './policy-change.ts';
import { ruleChanges, type WrittenPolicy } from './rule-changes.ts';
import { formatShare } from './share.ts';

/** Everything that differs but for the tests: the settings in the order of the file, then the rules. */
export function policyChanges(before: WrittenPolicy, after: WrittenPolicy): readonly PolicyChange[] {
  return [...settingChanges(before.policy, after.policy), ...ruleChanges(before, after)];
}

function settingChanges(before: NamedPolicy, after: NamedPolicy): readonly PolicyChange[] {
  const [was, is] = [settingsOf(before), settingsOf(after)];
  const warnings = warningsOf(before, after);
  return [...is].flatMap(([path, now]) => {
    const then = was.get(path);
    return then === now ? [] : [{ path, before: then, after: now, warning: warnings.get(path) }];
  });
}

function settingsOf({ limits, protect, ...policy }: NamedPolicy): ReadonlyMap<string, string> {
  return new Map([
    ['mode', policy.mode],
    ['approval', policy.approval],
    ['scan', policy.scan],
    ['recheck_after', formatDuration(policy.recheckAfter)],
    ['pace', formatShare(policy.pace)],
    ['limits.per_run', String(limits.perRun)],
    ['limits.per_day', String(limits.perDay)],
    ['limits.share_of_workspace', formatShare(limits.shareOfWorkspace)],
    ['limits.failures', formatShare(limits.failures)],
    ['limits.when_exceeded', limits.whenExceeded],
    ['protect.minimum_age', formatDuration(protect.minimumAge)],
    ['protect.open', String(protect.open)],
    ['protect.tickets', String(protect.tickets)],
    ['protect.tags', listed(protect.tags)],
    ['protect.teams', listed(protect.teams)],
  ]);
}

const listed = (names: readonly string[]): string => `[${names.toSorted().map(quoted).join(', ')}]`;

/** In quotes where a name could pass for several, or for another one. */
const quoted = (name: string): string =>
  /^[\p{L}\p{N}_.-]+( [\p{L}\p{N}_.-]+)*$/u.test(name) ? name : JSON.stringify(name);

function warningsOf(before: NamedPolicy, after: NamedPolicy): ReadonlyMap<string, string> {
  const [was, is] = [before.protect, after.protect];
  const warnings = new Map<string, string>();
  if (before.mode === 'observe' && after.mode === 'delete') {
    warnings.set('mode', 'Until now nothing was deleted; from now on it is.');
  }
  if (!isNeverShorter(is.minimumAge, was.minimumAge)) {
    warnings.set('protect.minimum_age', 'Younger conversations are not protected any more.');
  }
  if (was.open && !is.open) {
    warnings.set('protect.open', 'Open and snoozed conversations are not protected any more.');
  }
  if (was.tickets && !is.tickets) {
    warnings.set('protect.tickets', 'Tickets are not protected any more.');
  }
  for (const kind of ['tags', 'teams'] as const) {
    const gone = was[kind].filter((name) => !is[kind].includes(name));
    if (gone.length > 0) warnings.set(`protect.${kind}`, `Not protected any more: ${gone.join(', ')}.`);
  }
  return warnings;
}
