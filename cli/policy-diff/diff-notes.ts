import { countOf, countText, timeText } from '../number-text.ts';
import type { PolicyDiff } from './policy-diff.ts';
import { rulesNotJudged } from './rules-not-judged.ts';

/** From what the figures come, and what they leave out. */
export function diffNotes(diff: PolicyDiff): readonly string[] {
  const { source, asOf, on, new: changed } = diff;
  const observes =
    changed.policy.mode === 'observe'
      ? ['The new policy observes: it deletes nothing until it says mode: delete.']
      : [];
  if (source.kind === 'workspace') {
    const { scanned, scan, apiCalls, holds, workspaceTotal, unreadable } = source.comparison;
    const total = workspaceTotal === undefined ? '' : ` of ${countText(workspaceTotal)}`;
    return [
      `Judged by both policies as of ${timeText(asOf)}, with the rules on ${on}: read ${countOf(scanned, 'conversation')}${total} by ${scan}, in ${countOf(apiCalls, 'API call')}.`,
      holds === 0
        ? 'The store knows no legal holds.'
        : `What ${countOf(holds, 'legal hold')} cover${holds === 1 ? 's' : ''} stays by either policy.`,
      ...(unreadable === 0
        ? []
        : [`${countOf(unreadable, 'conversation')} could not be read, and would stay.`]),
      ...rulesNotJudged(diff),
      ...observes,
    ];
  }
  return [
    `Judged from the plan ${source.plan.planId}, as of ${timeText(asOf)}, without asking Intercom: it keeps state, creation, last activity, tags, team and ticket of what its own policy would delete, and no legal holds that came later.`,
    beyondPlan[source.madeBy],
    source.plan.names === undefined
      ? 'The plan does not say what names of tags and teams stood for: they are told only where what its policy did says enough.'
      : 'Names of tags and teams stand for what they stood for when the plan was made; those that its policy does not use cannot be told.',
    ...rulesNotJudged(diff),
    ...observes,
  ];
}

const beyondPlan: Readonly<Record<'old' | 'new' | 'both' | 'neither', string>> = {
  old: 'The old policy made the plan. What the new one would delete beyond it cannot be told from it; leave --plan out for that.',
  new: 'The new policy made the plan. What the old one would delete beyond it cannot be told from it; leave --plan out for that.',
  both: 'Both policies are the one that made the plan.',
  neither:
    'Another policy made the plan. What either policy would delete beyond it cannot be told from it; leave --plan out for that.',
};
