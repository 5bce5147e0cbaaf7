import { closest } from 'fastest-levenshtein';

/** The known name that is closest in spelling, whatever the case of its letters; undefined when none is known. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lowerCase = known.map((each) => each.toLowerCase());
  return known[lowerCase.indexOf(closest(name.toLowerCase(), lowerCase))];
}
