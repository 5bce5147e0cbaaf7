import { countOf, countText } from '../number-text.ts';
import type { PolicyDiff } from './policy-diff.ts';

/** The change in one sentence, without its full stop. */
export function headline({ counts: { classes, undecided }, source }: PolicyDiff): string {
  const of =
    source.kind === 'plan'
      ? `Of the ${countOf(source.plan.candidates, 'conversation')} of a plan (and of nothing beyond it), this`
      : 'This';
  const effect = effectText(classes, undecided.conversations);
  const open =
    undecided.conversations === 0 ? '' : `; ${countText(undecided.conversations)} cannot be decided`;
  return `${of} change would ${effect}${open}`;
}

function effectText(
  { newly_caught: caught, newly_spared: spared, changed, unchanged }: PolicyDiff['counts']['classes'],
  undecided: number,
): string {
  if (caught > 0) {
    return `delete ${countOf(caught, 'more conversation')} and spare ${spared === 0 ? 'none' : countText(spared)}`;
  }
  if (spared > 0) {
    const more = undecided === 0 ? ' and delete no more' : '';
    return `spare ${countOf(spared, 'conversation')}${more}`;
  }
  const same = undecided === 0 ? 'the same conversations' : countText(changed + unchanged);
  const otherwise =
    changed === 0 ? '' : `, ${countText(changed)} of them by another rule or with another retain_metrics`;
  return `delete ${same} as before${otherwise}`;
}
