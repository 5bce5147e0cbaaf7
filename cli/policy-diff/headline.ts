import { countOf, countText } from '../number-text.ts';
import type { PolicyDiff } from './policy-diff.ts';

/** The change in one sentence, without its full stop. */
export function headline({ counts: { classes, undecided }, source }: PolicyDiff): string {
  const { newly_caught: caught, newly_spared: spared, changed } = classes;
  const of =
    source.kind === 'plan'
      ? `Of the ${countOf(source.plan.candidates, 'conversation')} of a plan, this`
      : 'This';
  const open =
    undecided.conversations === 0 ? '' : `; ${countText(undecided.conversations)} cannot be decided`;
  return `${of} change would ${effect(caught, spared, changed)}${open}`;
}

function effect(caught: number, spared: number, changed: number): string {
  if (caught > 0) {
    return `delete ${countText(caught)} more ${caught === 1 ? 'conversation' : 'conversations'} and spare ${spared === 0 ? 'none' : countText(spared)}`;
  }
  if (spared > 0) return `spare ${countOf(spared, 'conversation')} and delete no more`;
  const otherwise =
    changed === 0 ? '' : `, ${countText(changed)} of them by another rule or with another retain_metrics`;
  return `delete the same conversations as before${otherwise}`;
}
