/** UNIX seconds; the end is exclusive. */
export interface WorkspaceDay {
  readonly start: number;
  readonly end: number;
}

/** The calendar day of a time zone in which a moment lies. Days are 23 or 25 hours long when clocks change. */
export function dayOf(seconds: number, timeZone: string): WorkspaceDay {
  const [year = 1970, month = 1, day = 1] = calendarDate(seconds, timeZone);
  return { start: startOfDay(year, month, day, timeZone), end: startOfDay(year, month, day + 1, timeZone) };
}

/** The first second at which the time zone's clocks show that date. `day` may run over the end of the month. */
function startOfDay(year: number, month: number, day: number, timeZone: string): number {
  const wall = Date.UTC(year, month - 1, day) / 1000;
  // The offset is asked for at the guess, and again at the better guess: a change of clocks may lie between them.
  const guess = wall - offsetAt(wall, timeZone);
  return wall - offsetAt(guess, timeZone);
}

/** Seconds by which the time zone is ahead of UTC. */
function offsetAt(seconds: number, timeZone: string): number {
  const [year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0] = calendarDate(seconds, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - seconds;
}

function calendarDate(seconds: number, timeZone: string): number[] {
  return (
    formatOf(timeZone)
      .format(seconds * 1000)
      .match(/\d+/g) ?? []
  ).map(Number);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  // Swedish writes dates as 2026-01-31 23:59:59.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(timeZone, format);
  return format;
}
