import type { Instant } from '#policy/instant.ts';
import type { Reservation } from '#sweep/ports.ts';

/** How many conversations were deleted lately, and how many are set aside to be. */
export interface Budget {
  /** Deletions by the UTC hour in which they were settled (hours since 1970). */
  readonly settled: Readonly<Record<string, number>>;
  /** By key. */
  readonly open: Readonly<Record<string, OpenReservation>>;
}

interface OpenReservation {
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly reservedAtMs: number;
}

export const emptyBudget: Budget = { settled: {}, open: {} };

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/**
 * An open reservation stands for deletions that may have been made at any time up to its end. A run lasts a day at most,
 * and its last deletion counts for one more.
 */
const reservationLifeMs = 2 * dayMs;

/** Never fewer than were deleted in the 24 hours before `now`; at most those of one more hour on top. */
export function deletionsInLastDay(budget: Budget, now: Instant): number {
  const settled = Object.entries(budget.settled)
    .filter(([hour]) => hourEndMs(hour) > now - dayMs)
    .map(([, count]) => count);
  const open = Object.values(budget.open)
    .filter((reservation) => isLive(reservation, now))
    .map(({ count }) => count);
  return [...settled, ...open].reduce((sum, count) => sum + count, 0);
}

/** Whether the key holds a reservation that still counts. */
export function holdsReservation({ open }: Budget, key: string, now: Instant): boolean {
  const reservation = open[key];
  return reservation !== undefined && isLive(reservation, now);
}

/** The budget with the reservation in it, or undefined when the limit does not allow it. */
export function reserve(budget: Budget, reservation: Reservation): Budget | undefined {
  const { key, count, limit, now } = reservation;
  if (deletionsInLastDay(budget, now) + count > limit) return undefined;
  const current = withoutOld(budget, now);
  return { ...current, open: { ...current.open, [key]: { count, reservedAtMs: now } } };
}

/** The budget with `actual` deletions in place of the reservation; undefined when the key holds none. */
export function settle(budget: Budget, key: string, actual: number, now: Instant): Budget | undefined {
  const { [key]: reservation, ...open } = budget.open;
  if (reservation === undefined) return undefined;
  const hour = String(Math.floor(now / hourMs));
  const settled = { ...budget.settled, [hour]: (budget.settled[hour] ?? 0) + actual };
  return withoutOld({ settled, open }, now);
}

/** A day longer than it counts, so that a fast clock takes nothing from a slow one. */
function withoutOld(budget: Budget, now: Instant): Budget {
  const settled = Object.entries(budget.settled).filter(([hour]) => hourEndMs(hour) > now - 2 * dayMs);
  const open = Object.entries(budget.open).filter(([, { reservedAtMs }]) => {
    return reservedAtMs + reservationLifeMs > now - dayMs;
  });
  return { settled: Object.fromEntries(settled), open: Object.fromEntries(open) };
}

const hourEndMs = (hour: string): number => (Number(hour) + 1) * hourMs;

const isLive = ({ reservedAtMs }: OpenReservation, now: Instant): boolean =>
  reservedAtMs + reservationLifeMs > now;
