import { describe, expect, it } from 'vitest';
import { toIso } from '#policy/instant.ts';
import { parseIsoDate } from '#policy/iso-date.ts';

describe('parseIsoDate', () => {
  it.each([
    ['2024-05-31', '2024-05-31T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2024-05-31T23:59:59Z', '2024-05-31T23:59:59.000Z'],
  ])('reads %s as %s', (text, iso) => {
    const instant = parseIsoDate(text);
    expect(instant && toIso(instant)).toBe(iso);
  });

  it.each([
    '',
    '2024',
    '2024-05',
    '2024-5-1',
    '2023-02-29',
    '2024-02-30',
    '2024-13-01',
    '2024-05-31T24:00:00Z',
    '2024-05-31T12:00Z',
    '2024-05-31T12:00:00',
    '2024-05-31T12:00:00+02:00',
    '2024-05-31 12:00:00Z',
    '31.05.2024',
    'today',
  ])('refuses %j', (text) => {
    expect(parseIsoDate(text)).toBeUndefined();
  });
});
