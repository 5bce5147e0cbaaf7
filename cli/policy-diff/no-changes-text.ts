import type { PolicyDiff } from './policy-diff.ts';

/** For want of any change to tell. */
export const noChangesText = ({ old, new: changed }: Pick<PolicyDiff, 'old' | 'new'>): string =>
  old.hash === changed.hash
    ? 'The policies are the same, but for what does not count (comments, order of keys, tests).'
    : 'The policies differ, but in nothing that is told here; compare the files.';
