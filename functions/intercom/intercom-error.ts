import { OutsideError } from '#sweep/errors.ts';

/** Where and how a call failed. Nothing of it comes from a body but codes and ids. */
export interface Failure {
  /** As in Intercom's documentation: `GET /conversations/{id}`. */
  readonly endpoint: string;
  readonly httpStatus: number | null;
  /** Intercom's error code, or ours for how the answer was lost. */
  readonly code: string;
  readonly requestId: string | null;
}

/** A call to Intercom failed. Holds no token, no body, and no object of the HTTP client. */
export abstract class IntercomError extends OutsideError implements Failure {
  readonly endpoint: string;
  readonly httpStatus: number | null;
  readonly code: string;
  readonly requestId: string | null;

  constructor(message: string, failure: Failure, retryable: boolean) {
    super(message, { retryable });
    this.endpoint = failure.endpoint;
    this.httpStatus = failure.httpStatus;
    this.code = failure.code;
    this.requestId = failure.requestId;
  }
}

/** The token is dead, or may not do this: every further call would fare the same. */
export class IntercomAccessError extends IntercomError {
  override readonly name = 'IntercomAccessError';
}

/** 429 again and again: others use up the workspace's limit. */
export class IntercomRateLimitError extends IntercomError {
  override readonly name = 'IntercomRateLimitError';
}

/** 5xx, no answer in time, or no connection. */
export class IntercomUnavailableError extends IntercomError {
  override readonly name = 'IntercomUnavailableError';
}

/** Intercom refused the request itself. */
export class IntercomRequestError extends IntercomError {
  override readonly name = 'IntercomRequestError';
}

/** Intercom answered with something that cannot be read. */
export class IntercomAnswerError extends IntercomError {
  override readonly name = 'IntercomAnswerError';
}
