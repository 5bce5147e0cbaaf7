import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiVersions, capabilitiesOf, parseApiVersion } from '#intercom/api-version.ts';
import { ConfigurationError } from '#sweep/errors.ts';

describe('parseApiVersion', () => {
  it.each(apiVersions)('accepts %s', (version) => {
    expect(parseApiVersion(version)).toBe(version);
  });

  it('accepts the named versions in any case, and sends them as Intercom writes them', () => {
    expect(parseApiVersion('preview')).toBe('Preview');
    expect(parseApiVersion('UNSTABLE')).toBe('Unstable');
  });

  it.each(['2.12', '2.7', '2.0', '1.4'])('refuses %s because it cannot delete conversations', (version) => {
    const refused = new ConfigurationError(
      `Version ${version} of Intercom's API cannot delete conversations; set INTERCOM_VERSION=2.16.`,
    );
    expect(() => parseApiVersion(version)).toThrow(refused);
  });

  it('refuses everything else, with the versions that there are', () => {
    const others = fc
      .string()
      .filter((text) => !apiVersions.some((known) => known.toLowerCase() === text.toLowerCase()));
    fc.assert(
      fc.property(
        fc.oneof(others, fc.constantFrom('2.18', '3.0', '2.16.1', ' 2.16', '2,16', 'latest', '')),
        (text) => {
          expect(() => parseApiVersion(text)).toThrow(ConfigurationError);
          expect(() => parseApiVersion(text)).toThrow(/set INTERCOM_VERSION/);
        },
      ),
    );
  });
});

describe('capabilitiesOf', () => {
  it.each([
    ['2.13', false],
    ['2.14', false],
    ['2.15', false],
    ['2.16', true],
    ['2.17', true],
    ['Preview', true],
    ['Unstable', true],
  ] as const)('lets %s delete metrics and list deleted conversations: %s', (version, able) => {
    expect(capabilitiesOf(version)).toEqual({ retainMetricsFalse: able, deletedList: able });
  });
});
