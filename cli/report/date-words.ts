import type { Instant } from '#policy/instant.ts';
import { toIso } from '#policy/instant.ts';
import { type Html, html } from '../html.ts';
import { dayText } from '../number-text.ts';
import type { Interval } from './report-span.ts';

const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options });

const dayFormat = format({ day: 'numeric', month: 'long', year: 'numeric' });
const shortDayFormat = format({ day: 'numeric', month: 'short', year: 'numeric' });
const minuteFormat = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const monthFormat = format({ month: 'short', year: 'numeric' });
const yearFormat = format({ year: 'numeric' });
const dayTickFormat = format({ day: 'numeric', month: 'short' });
const monthTickFormat = format({ month: 'short' });

/** `20 November 2026`. A page says once that its times are in UTC. */
export const dayWords = (at: Instant): string => dayFormat.format(at);

/** `20 November 2026, 14:05` */
export const dayAndMinuteWords = (at: Instant): string =>
  `${dayFormat.format(at)}, ${minuteFormat.format(at)}`;

/** `20 Nov 2026` */
const shortDayWords = (at: Instant): string => shortDayFormat.format(at);

/** `20 Nov 2026, 14:05` */
export const minuteWords = (at: Instant): string =>
  `${shortDayFormat.format(at)}, ${minuteFormat.format(at)}`;

/** A time to read, with the exact one for machines. */
export const timeTag = (at: Instant): Html => html`<time datetime="${toIso(at)}">${minuteWords(at)}</time>`;

/** `14:05`, of a day that is named beside it. */
export const clockTag = (at: Instant): Html =>
  html`<time datetime="${toIso(at)}">${minuteFormat.format(at)}</time>`;

/** A day to read, for machines as ISO 8601. */
export const dayTag = (at: Instant): Html =>
  html`<time datetime="${dayText(at)}">${shortDayWords(at)}</time>`;

/** What the interval that begins at `start` is called. */
export function intervalWords(start: Instant, interval: Interval): string {
  switch (interval) {
    case 'day':
      return shortDayFormat.format(start);
    case 'week':
      return `week of ${shortDayFormat.format(start)}`;
    case 'month':
      return monthFormat.format(start);
    case 'year':
      return yearFormat.format(start);
  }
}

/** When that was, within a sentence. */
export function inInterval(start: Instant, interval: Interval): string {
  if (interval === 'day') return `on ${intervalWords(start, interval)}`;
  return interval === 'week'
    ? `in the ${intervalWords(start, interval)}`
    : `in ${intervalWords(start, interval)}`;
}

/** The same under the column of a chart, where the year stands apart. */
export function tickWords(start: Instant, interval: Interval): string {
  if (interval === 'year') return yearFormat.format(start);
  return interval === 'month' ? monthTickFormat.format(start) : dayTickFormat.format(start);
}

export const yearWords = (at: Instant): string => yearFormat.format(at);
