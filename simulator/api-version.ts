/** The versions of Intercom's API that can be asked for, and what each of them can do. */

const dated = [
  '1.0', '1.1', '1.2', '1.3', '1.4', '2.0', '2.1', '2.2', '2.3', '2.4', '2.5', '2.6', '2.7', '2.8', '2.9', '2.10', '2.11', '2.12',
  '2.13', '2.14', '2.15', '2.16', '2.17',
]; // biome-ignore format: a table of versions

/** Position in the order of publication: compare with `versionRank('2.16')`. */
export type VersionRank = number;

/** Undefined for a version that Intercom does not know. Preview and Unstable are newer than any. */
export function versionRank(name: string): VersionRank | undefined {
  if (name === 'Preview' || name === 'Unstable') return dated.length;
  const rank = dated.indexOf(name);
  return rank === -1 ? undefined : rank;
}

/** The rank of a version that is known to exist. */
export const rankOf = (name: string): VersionRank => dated.indexOf(name);

export const canDelete = (version: VersionRank): boolean => version >= rankOf('2.13');
/** Before, `retain_metrics` is no parameter: it is ignored and metrics are kept. */
export const canDropMetrics = (version: VersionRank): boolean => version >= rankOf('2.16');
export const hasDeletedList = (version: VersionRank): boolean => version >= rankOf('2.16');
