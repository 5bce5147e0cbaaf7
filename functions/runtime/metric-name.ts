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
  | 'WebhookUnknownTopic';
