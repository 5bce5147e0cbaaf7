import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Interval, intervalStart, intervalsOf, nextStart, reportSpan } from '#cli/report/report-span.ts';
import { type Instant, instantFromIso, toIso } from '#policy/instant.ts';

const at = (text: string): Instant => instantFromIso(text);
const now = at('2026-11-21T06:30:00Z');

describe('reportSpan', () => {
  it('takes the last thirty days, today among them, where nothing is asked for', () => {
    const { from, until, interval } = reportSpan({}, now);
    expect([toIso(from), toIso(until), interval]).toEqual(['2026-10-23T00:00:00.000Z', toIso(now), 'day']);
  });

  it('takes the thirty days that end where --to says', () => {
    const { from, until } = reportSpan({ to: at('2026-07-01T00:00:00Z') }, now);
    expect([toIso(from), toIso(until)]).toEqual(['2026-06-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z']);
  });

  it('ends now when --to has not come yet', () => {
    expect(reportSpan({ from: at('2026-11-01T00:00:00Z'), to: at('2027-01-01T00:00:00Z') }, now).until).toBe(
      now,
    );
  });

  it('refuses a span that is empty or has not begun', () => {
    const tomorrow = at('2026-11-22T00:00:00Z');
    expect(() => reportSpan({ from: now, to: now }, now)).toThrow('--from is not before --to');
    expect(() => reportSpan({ from: tomorrow }, now)).toThrow('--from lies in the future');
  });

  it('refuses more than ten years, as an export does, so that a slip of the pen is no report', () => {
    const sentence = '--from and --to are more than ten years apart; report on fewer days.';
    expect(() => reportSpan({ from: at('0001-01-01T00:00:00Z') }, now)).toThrow(sentence);
    expect(() => reportSpan({ from: (now - 3_660 * 86_400_000 - 1) as Instant }, now)).toThrow(sentence);
    expect(reportSpan({ from: (now - 3_660 * 86_400_000) as Instant }, now).interval).toBe('year');
  });

  it('takes a year below 100 for what it is', () => {
    const span = reportSpan({ from: at('0050-03-01T00:00:00Z'), to: at('0052-03-01T00:00:00Z') }, now);
    const starts = intervalsOf(span).map((start) => toIso(start).slice(0, 10));
    expect([starts.length, starts[0], starts[10], starts.at(-1)]).toEqual([
      24,
      '0050-03-01',
      '0051-01-01',
      '0052-02-01',
    ]);
  });

  it('counts by day, week, month and year as the span grows, in seventy columns at most', () => {
    const lengths = [1, 62, 63, 378, 379, 731, 2_196, 2_197, 3_660];
    const spans = lengths.map((days) => reportSpan({ from: (now - days * 86_400_000) as Instant }, now));
    expect(spans.map(({ interval }) => interval)).toEqual([
      'day', 'day', 'week', 'week', 'month', 'month', 'month', 'year', 'year',
    ]); // biome-ignore format: a list of words
    for (const span of spans) expect(intervalsOf(span).length).toBeLessThanOrEqual(74);
  });
});

describe('intervalStart', () => {
  it('begins days at midnight, weeks on Monday, months and years on their first', () => {
    const starts = (['day', 'week', 'month', 'year'] as const).map((each) =>
      toIso(intervalStart(now, each)).slice(0, 10),
    );
    expect(starts).toEqual(['2026-11-21', '2026-11-16', '2026-11-01', '2026-01-01']);
    expect(toIso(intervalStart(at('2026-11-22T23:59:59Z'), 'week'))).toBe('2026-11-16T00:00:00.000Z');
  });

  it('holds its instant, in every year of the calendar, and ends where the next one begins', () => {
    const instants = fc.integer({ min: at('0001-01-01T00:00:00Z'), max: at('9998-12-31T23:59:59Z') });
    const intervals = fc.constantFrom<Interval>('day', 'week', 'month', 'year');
    fc.assert(
      fc.property(instants, intervals, (ms, interval) => {
        const instant = ms as Instant;
        const start = intervalStart(instant, interval);
        const next = nextStart(start, interval);
        expect(start).toBeLessThanOrEqual(instant);
        expect(next).toBeGreaterThan(instant);
        expect(intervalStart(next, interval)).toBe(next);
        const [year, month] = toIso(instant).split('-');
        if (interval === 'month') expect(toIso(start)).toBe(`${year}-${month}-01T00:00:00.000Z`);
        if (interval === 'year') expect(toIso(start)).toBe(`${year}-01-01T00:00:00.000Z`);
      }),
      { examples: [[at('0001-01-01T00:00:00Z'), 'year'], [at('0099-12-31T23:59:59Z'), 'month']] }, // biome-ignore format: a list
    );
  });

  it('is followed by the next one without a gap, through leap years', () => {
    const next = (text: string, interval: 'month' | 'year') =>
      toIso(nextStart(at(text), interval)).slice(0, 10);
    expect(next('2028-02-01', 'month')).toBe('2028-03-01');
    expect(next('2026-12-01', 'month')).toBe('2027-01-01');
    expect(next('2028-01-01', 'year')).toBe('2029-01-01');
    expect(next('2027-01-01', 'year')).toBe('2028-01-01');
  });
});
