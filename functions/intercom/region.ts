import { ConfigurationError } from '#sweep/errors.ts';

const baseUrls = {
  us: 'https://api.intercom.io',
  eu: 'https://api.eu.intercom.io',
  au: 'https://api.au.intercom.io',
} as const;
export type Region = keyof typeof baseUrls;

export const baseUrlOf = (region: Region): string => baseUrls[region];

/** @throws ConfigurationError */
export function parseRegion(text: string): Region {
  const region = toRegion(text);
  if (region !== undefined) return region;
  throw new ConfigurationError(`INTERCOM_REGION is "${text}"; set it to us, eu or au.`);
}

/**
 * Compares where `GET /me` says that the workspace lives with where we asked. A region that Intercom does not name, or
 * that we do not know, is no contradiction.
 * @throws ConfigurationError
 */
export function checkRegion(workspaceRegion: string | undefined, configured: Region): void {
  const actual = workspaceRegion === undefined ? undefined : toRegion(workspaceRegion);
  if (actual === undefined || actual === configured) return;
  throw new ConfigurationError(
    `The access token belongs to a workspace in the region ${actual}, but INTERCOM_REGION is ${configured}; set INTERCOM_REGION=${actual}.`,
  );
}

const toRegion = (text: string): Region | undefined =>
  // The names of the regions are the keys of the table.
  (Object.keys(baseUrls) as Region[]).find((region) => region === text.toLowerCase());
