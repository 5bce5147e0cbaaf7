/** Every metric that the functions send, so that a dashboard or an alarm cannot name one that nobody sends. */
export type MetricName =
  /** A notification became a request on the queue. */
  | 'WebhookQueued'
  /** A request that no configured workspace signed. Intercom's own ones end here when a client secret is wrong. */
  | 'WebhookRefused'
  /** Signed, but not a notification as far as can be read: Intercom may have changed its format. */
  | 'WebhookUnreadable'
  /** Larger than any notification that is worth reading. */
  | 'WebhookTooLarge'
  /** A topic that the app subscribes to for nothing. */
  | 'WebhookUnknownTopic'
  /** What the slices of sweeps came to, a conversation each. */
  | 'SweepDeleted'
  | 'SweepNotFound'
  | 'SweepUnresolved'
  | 'SweepFailed'
  | 'SweepKept'
  /** Requests that slices sent to Intercom, and those of them that it answered with 429. */
  | 'SweepApiCalls'
  | 'SweepRateLimited'
  /** A sweep came to its end; or the gate did not let its plan pass. */
  | 'SweepFinished'
  | 'SweepRefused'
  /** What reconciliations found: conversations that Intercom lists as deleted, each counted once. */
  | 'ReconcileConfirmed'
  | 'ReconcileFlagMismatch'
  | 'ReconcileDeletedElsewhere'
  /** Deletions that Intercom does not list after the grace period, at the end of each reconciliation. */
  | 'ReconcileClaimedButAbsent'
  | 'ReconcileApiCalls'
  /** A reconciliation came to its end. */
  | 'ReconcileFinished';
