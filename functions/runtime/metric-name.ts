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
  /** It would have but for limits of the policy. */
  | 'SweepStoppedByLimits'
  /** What reconciliations found: conversations that Intercom lists as deleted, each counted once. */
  | 'ReconcileConfirmed'
  | 'ReconcileFlagMismatch'
  | 'ReconcileDeletedElsewhere'
  /** Deletions that Intercom does not list after the grace period, at the end of each reconciliation. */
  | 'ReconcileClaimedButAbsent'
  | 'ReconcileApiCalls'
  /** A reconciliation came to its end. */
  | 'ReconcileFinished'
  /** What events came to, a conversation each. */
  | 'EventDeleted'
  | 'EventNotFound'
  | 'EventUnresolved'
  | 'EventFailed'
  | 'EventKept'
  /** An event that found no conversation to delete. */
  | 'EventNothing'
  /** The gate did not let the deletions of an event pass. */
  | 'EventRefused'
  /** It would have but for limits of the policy. */
  | 'EventStoppedByLimits'
  /** An event that had been dealt with before. */
  | 'EventDuplicate'
  /** Intercom said that a conversation was deleted: something new for the next reconciliation. */
  | 'EventHint'
  /** For a workspace that this stack has no policy of. */
  | 'EventOfOtherWorkspace'
  /** A message that cannot be read, each time it comes, until it is a dead letter. */
  | 'EventUnreadable'
  /** A message that went back to the queue, to be gone on with. */
  | 'EventLeft'
  /** Deletions of which those who keep copies could not be told. */
  | 'NoticeFailed'
  /** Every day that is over has its seal. */
  | 'SealFinished'
  /** Days that were sealed, and records that came after their own day had been. */
  | 'SealDays'
  | 'SealLate'
  /** The newest seal was signed with another key than the one that signs from now on. */
  | 'SealKeyChanged'
  /** Queries of the audit that were answered, and the records given; refused ones, for what they ask or who asks. */
  | 'AuditQueryAnswered'
  | 'AuditRecordsGiven'
  | 'AuditQueryUnreadable'
  | 'AuditQueryUnsigned';
