import type { IncomingHttpHeaders } from 'node:http';
import type { VersionRank } from './api-version.ts';
import type { EndpointName } from './settings.ts';

/** A call to the API as it arrives. */
export interface ApiCall {
  /** Counted from 1 over all endpoints. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly endpoint: EndpointName;
  /** The id that the path names; empty when it names none. */
  readonly id: string;
  /** Empty when there is none. */
  readonly body: string;
  readonly requestId: string;
}

/** A call that may be answered. */
export interface AdmittedCall extends ApiCall {
  readonly version: VersionRank;
}
