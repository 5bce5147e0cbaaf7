import { describe, expect, it } from 'vitest';
import { baseUrlOf, checkRegion, parseRegion } from '#intercom/region.ts';
import { ConfigurationError } from '#sweep/errors.ts';

describe('parseRegion', () => {
  it('reads the three regions in any case', () => {
    expect(['us', 'EU', 'Au'].map(parseRegion)).toEqual(['us', 'eu', 'au']);
  });

  it.each(['', 'uk', 'us-east-1', 'toString'])('refuses "%s" with the regions that there are', (text) => {
    expect(() => parseRegion(text)).toThrow(
      new ConfigurationError(`INTERCOM_REGION is "${text}"; set it to us, eu or au.`),
    );
  });
});

describe('baseUrlOf', () => {
  it('names the host of each region', () => {
    expect((['us', 'eu', 'au'] as const).map(baseUrlOf)).toEqual([
      'https://api.intercom.io',
      'https://api.eu.intercom.io',
      'https://api.au.intercom.io',
    ]);
  });
});

describe('checkRegion', () => {
  it('refuses a workspace of another region, and names the setting', () => {
    expect(() => checkRegion('EU', 'us')).toThrow(
      new ConfigurationError(
        'The access token belongs to a workspace in the region eu, but INTERCOM_REGION is us; set INTERCOM_REGION=eu.',
      ),
    );
  });

  it.each(['US', 'us', undefined, 'Mars'])('takes %s for no contradiction to us', (region) => {
    expect(() => checkRegion(region, 'us')).not.toThrow();
  });
});
