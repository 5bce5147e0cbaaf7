import { type Instant, instantFromIso, instantFromMs } from '#policy/instant.ts';
import { dayText } from '../number-text.ts';

/** What a report says of the seal of one day. */
export interface SealedDay {
  /** `2026-01-31`, in UTC. */
  readonly day: string;
  /** Records under the seal, late ones included. */
  readonly recordCount: number;
  /** Of these, records of earlier days. */
  readonly lateCount: number;
  /** Of the key that signed. */
  readonly keyId: string;
  /** Of a day that was sealed while it went on: its records before this time are under the seal. */
  readonly until?: Instant | undefined;
}

/** Sealed while it went on, and what came after is under no seal yet. */
export interface PartlySealedDay extends SealedDay {
  readonly until: Instant;
  /** Over for so long that the rest should be sealed, too. */
  readonly isDue: boolean;
}

export interface SealSource {
  /** All of the workspace. */
  readonly seals: AsyncIterable<SealedDay>;
  /** The first day of which there is any record. */
  readonly firstRecordDay: string | undefined;
}

/** Every day of the span is in one of these, oldest first. */
export interface SealFigures {
  /** Over, and sealed to the end. */
  readonly sealed: readonly SealedDay[];
  readonly partlySealed: readonly PartlySealedDay[];
  /** Due, and without a seal. */
  readonly unsealed: readonly string[];
  /** Not over for a day, when the report was made. */
  readonly notDue: readonly string[];
  /** Before the first record, so that there is nothing to seal. */
  readonly withoutRecords: readonly string[];
}

const dayMs = 86_400_000;
/** Sealing waits for a day's last records, and then for its schedule. */
const dueAfterMs = dayMs;

export async function gatherSeals(
  { seals, firstRecordDay }: SealSource,
  span: { readonly from: Instant; readonly until: Instant },
  now: Instant,
): Promise<SealFigures> {
  const days = daysOf(span);
  const byDay = new Map<string, SealedDay>();
  for await (const seal of seals) byDay.set(seal.day, seal);
  const isDue = (day: string): boolean => instantFromIso(day) + dayMs + dueAfterMs <= now;
  const ofSpan = days.flatMap((day) => byDay.get(day) ?? []);
  const partlySealed = ofSpan.flatMap(({ until, ...seal }): readonly PartlySealedDay[] =>
    until === undefined || byDay.has(dayAfter(seal.day)) ? [] : [{ ...seal, until, isDue: isDue(seal.day) }],
  );
  const partly = new Set(partlySealed.map(({ day }) => day));
  const open = days.filter((day) => !byDay.has(day));
  const recorded = open.filter((day) => firstRecordDay !== undefined && day >= firstRecordDay);
  return {
    sealed: ofSpan.filter(({ day }) => !partly.has(day)),
    partlySealed,
    unsealed: recorded.filter(isDue),
    notDue: recorded.filter((day) => !isDue(day)),
    withoutRecords: open.filter((day) => !recorded.includes(day)),
  };
}

/** Days that should be sealed, or are so already. */
export const dueCount = ({ sealed, partlySealed, unsealed }: SealFigures): number =>
  sealed.length + unsealed.length + partlySealed.filter(({ isDue }) => isDue).length;

/** Whose seal has what a day still brought after it was sealed. */
const dayAfter = (day: string): string => dayText(instantFromMs(instantFromIso(day) + dayMs));

function daysOf({ from, until }: { readonly from: Instant; readonly until: Instant }): readonly string[] {
  const days: string[] = [];
  const first = instantFromIso(dayText(from));
  for (let day: number = first; day < until; day += dayMs) days.push(dayText(instantFromMs(day)));
  return days;
}
