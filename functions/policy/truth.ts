/** Kleene's three values. Only `true` lets a rule match. */
export type Truth = 'true' | 'false' | 'unknown';

export const truthOf = (value: boolean): Truth => (value ? 'true' : 'false');

export function not(truth: Truth): Truth {
  if (truth === 'unknown') return 'unknown';
  return truth === 'true' ? 'false' : 'true';
}

/** `true` of none. */
export function every(truths: readonly Truth[]): Truth {
  if (truths.includes('false')) return 'false';
  return truths.includes('unknown') ? 'unknown' : 'true';
}

/** `false` of none. */
export function some(truths: readonly Truth[]): Truth {
  if (truths.includes('true')) return 'true';
  return truths.includes('unknown') ? 'unknown' : 'false';
}
