import { ConfigurationError } from '#sweep/errors.ts';

/** Values of the `Intercom-Version` header with which this tool works. */
export const apiVersions = ['2.13', '2.14', '2.15', '2.16', '2.17', 'Preview', 'Unstable'] as const;
export type ApiVersion = (typeof apiVersions)[number];

/** `DELETE /conversations/{id}` came with 2.13; `retain_metrics` and the list of deleted conversations with 2.16. */
const keepsMetricsAlways: readonly ApiVersion[] = ['2.13', '2.14', '2.15'];

export interface Capabilities {
  readonly retainMetricsFalse: boolean;
  readonly deletedList: boolean;
}

export function capabilitiesOf(version: ApiVersion): Capabilities {
  const isComplete = !keepsMetricsAlways.includes(version);
  return { retainMetricsFalse: isComplete, deletedList: isComplete };
}

/** @throws ConfigurationError for a version that is too old, or that nobody knows. */
export function parseApiVersion(text: string): ApiVersion {
  const version = apiVersions.find((known) => known.toLowerCase() === text.toLowerCase());
  if (version !== undefined) return version;
  throw new ConfigurationError(
    isTooOld(text)
      ? `Version ${text} of Intercom's API cannot delete conversations; set INTERCOM_VERSION=2.16.`
      : `"${text}" is no version of Intercom's API that this tool knows; set INTERCOM_VERSION to one of ${apiVersions.join(', ')}.`,
  );
}

function isTooOld(text: string): boolean {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})$/.exec(text) ?? [];
  return Number(major) < 2 || (Number(major) === 2 && Number(minor) < 13);
}
