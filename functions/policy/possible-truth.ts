import type { Truth } from './truth.ts';

/** Which truths something may have, as far as is known. Not the same as `unknown`, which is a truth that is known. */
export type Possible = Readonly<Record<Truth, boolean>>;

export const anyTruth: Possible = { true: true, false: true, unknown: true };
export const notTrue: Possible = { true: false, false: true, unknown: true };

export const surely = (truth: Truth): Possible => ({
  true: truth === 'true',
  false: truth === 'false',
  unknown: truth === 'unknown',
});

export const isDecided = (possible: Possible): boolean =>
  Object.values(possible).filter(Boolean).length === 1;

export const isSurely = (truth: Truth, possible: Possible): boolean => possible[truth] && isDecided(possible);

export const possibleNot = (possible: Possible): Possible => ({
  ...possible,
  true: possible.false,
  false: possible.true,
});

/** What `every` may come to, when each part may be any of its truths. */
export function possibleEvery(parts: readonly Possible[]): Possible {
  return {
    true: parts.every((part) => part.true),
    false: parts.some((part) => part.false),
    unknown: parts.every((part) => part.true || part.unknown) && parts.some((part) => part.unknown),
  };
}

export const possibleSome = (parts: readonly Possible[]): Possible =>
  possibleNot(possibleEvery(parts.map(possibleNot)));

/** What two sources together leave possible; anything, when they contradict each other. */
export function possibleBoth(one: Possible, other: Possible): Possible {
  const both: Possible = {
    true: one.true && other.true,
    false: one.false && other.false,
    unknown: one.unknown && other.unknown,
  };
  return both.true || both.false || both.unknown ? both : anyTruth;
}
