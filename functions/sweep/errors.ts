/**
 * The person who runs this must change something first: a setting, the policy, a token for another workspace.
 * Trying again does not help. The message is one sentence that names the place and the remedy.
 */
export class ConfigurationError extends Error {
  override readonly name: string = 'ConfigurationError';
}

/**
 * Something outside failed: Intercom, the store, the network. The message is one sentence with the remedy and holds
 * no token, body or personal data.
 */
export class OutsideError extends Error {
  override readonly name: string = 'OutsideError';
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;

  constructor(message: string, options: ErrorOptions & { readonly retryable: boolean }) {
    super(message, options);
    this.retryable = options.retryable;
  }
}

/** The audit trail or the run state could not be read or written. Nothing may be deleted while it lasts. */
export class StoreError extends OutsideError {
  override readonly name = 'StoreError';
}

/** Another sweep (or reconciliation) holds the workspace. The state machine knows it by its name. */
export class WorkspaceBusyError extends OutsideError {
  override readonly name = 'WorkspaceBusyError';
}

/** Another process has taken over this workspace's lease; this one must not touch anything any more. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}
