import { describe, expect, it } from 'vitest';
import { parseConfig, text, url, withDefault } from '#runtime/config.ts';

const spec = { name: text('NAME'), address: url('ADDRESS') };

describe('parseConfig', () => {
  it('gives each setting what its variable holds', () => {
    expect(parseConfig({ NAME: 'n', ADDRESS: 'https://example.test/q', OTHER: 'o' }, spec)).toEqual({
      ok: true,
      config: { name: 'n', address: 'https://example.test/q' },
    });
  });

  it('takes the default for a variable that need not be set, and what is set before it', () => {
    const optional = { address: withDefault(url('ADDRESS'), 'https://default.test') };
    expect(parseConfig({}, optional)).toEqual({ ok: true, config: { address: 'https://default.test' } });
    expect(parseConfig({ ADDRESS: 'https://set.test' }, optional)).toMatchObject({
      config: { address: 'https://set.test' },
    });
    expect(parseConfig({ ADDRESS: 'queue' }, optional).ok).toBe(false);
  });

  it('names every problem at once, in the order of the spec', () => {
    expect(parseConfig({ ADDRESS: 'queue' }, spec)).toEqual({
      ok: false,
      problems: [
        'NAME is not set; give it a value.',
        'ADDRESS is no URL; give one that begins with https:// or http://.',
      ],
    });
  });

  it.each(['tok-4711', 'ftp://tok-4711.test', 'javascript:tok-4711', '//tok-4711', 'https://'])(
    'takes %s for no URL, and does not quote it',
    (address) => {
      const parsed = parseConfig({ NAME: 'n', ADDRESS: address }, spec);
      expect(parsed).toMatchObject({ ok: false });
      expect(JSON.stringify(parsed)).not.toContain('tok-4711');
    },
  );
});
