import { type Instant, instantFromIso, instantFromMs } from '#policy/instant.ts';
import { dayText } from '../number-text.ts';

/** What a report says of the seal of one day; a stored seal's header has all of it. */
export interface SealedDay {
  /** `2026-01-31`, in UTC. */
  readonly day: string;
  readonly sealedAt: Instant;
  /** Records under the seal, late ones included. */
  readonly recordCount: number;
  /** Of these, records of earlier days. */
  readonly lateCount: number;
  /** Of the key that signed. */
  readonly keyId: string;
}

export interface SealSource {
  /** All of the workspace. */
  readonly seals: AsyncIterable<SealedDay>;
  /** The first day of which there is any record. */
  readonly firstRecordDay: string | undefined;
}

/** Every day of the span is in one of these, oldest first. */
export interface SealFigures {
  readonly sealed: readonly SealedDay[];
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
  const asked = new Set(days);
  const byDay = new Map<string, SealedDay>();
  for await (const seal of seals) {
    if (asked.has(seal.day)) byDay.set(seal.day, seal);
  }
  const open = days.filter((day) => !byDay.has(day));
  const recorded = open.filter((day) => firstRecordDay !== undefined && day >= firstRecordDay);
  const isDue = (day: string): boolean => instantFromIso(day) + dayMs + dueAfterMs <= now;
  return {
    sealed: days.flatMap((day) => byDay.get(day) ?? []),
    unsealed: recorded.filter(isDue),
    notDue: recorded.filter((day) => !isDue(day)),
    withoutRecords: open.filter((day) => !recorded.includes(day)),
  };
}

function daysOf({ from, until }: { readonly from: Instant; readonly until: Instant }): readonly string[] {
  const days: string[] = [];
  const first = instantFromIso(dayText(from));
  for (let day: number = first; day < until; day += dayMs) days.push(dayText(instantFromMs(day)));
  return days;
}
