type PlatformErrorCode =
  /** Lambda would have cut the invocation off. */
  | 'deadline_near'
  /** The function was invoked with something else than its event source sends. */
  | 'unreadable_event'
  | 'secret_unavailable'
  /** An error whose message nobody of this project wrote; the log line of the request says where it came from. */
  | 'unexpected';

/** Something between AWS and the code failed. The message is one sentence that holds no event, body or secret. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly code: PlatformErrorCode;

  constructor(code: PlatformErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
