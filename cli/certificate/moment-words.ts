const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `19 November 2026`; not left to the machine's own way, so that every machine makes the same page. */
export function dayWords(iso: string): string {
  const at = new Date(iso);
  return `${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}

/** `19 November 2026, 10:15:03 UTC` */
export const moment = (iso: string): string =>
  `${dayWords(iso)}, ${new Date(iso).toISOString().slice(11, 19)} UTC`;

/** `2026-11-19 10:15:03.123` */
export const momentToMs = (iso: string): string => new Date(iso).toISOString().slice(0, 23).replace('T', ' ');
