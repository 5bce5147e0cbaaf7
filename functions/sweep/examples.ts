import type { ConversationId } from '#policy/ids.ts';
import { type Examples, type ExemplifiedClass, type ListedClass, mostExamples } from './reconcile-record.ts';

export const noExamples: Examples = { flag_mismatch: [], deleted_elsewhere: [] };

/** With one more, where it is of interest and there is room. */
export function withExample(examples: Examples, listedClass: ListedClass, id: ConversationId): Examples {
  if (!isExemplified(listedClass) || examples[listedClass].length >= mostExamples) return examples;
  return { ...examples, [listedClass]: [...examples[listedClass], id] };
}

const isExemplified = (listedClass: ListedClass): listedClass is ExemplifiedClass =>
  Object.hasOwn(noExamples, listedClass);

/** Without one that has turned out not to be deleted elsewhere. */
export const withoutElsewhere = (examples: Examples, id: ConversationId): Examples => ({
  ...examples,
  deleted_elsewhere: examples.deleted_elsewhere.filter((each) => each !== id),
});
