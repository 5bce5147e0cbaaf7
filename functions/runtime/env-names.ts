/** Every environment variable that the project reads by name. The AWS SDK reads more of its own (`AWS_REGION` …). */
export const envNames = {
  intercomAccessToken: 'INTERCOM_ACCESS_TOKEN',
  /** `us`, `eu` or `au`. */
  intercomRegion: 'INTERCOM_REGION',
  /** Overrides the region; for the simulator. */
  intercomBaseUrl: 'INTERCOM_BASE_URL',
  intercomVersion: 'INTERCOM_VERSION',
  intercomClientSecret: 'INTERCOM_CLIENT_SECRET',
  auditTable: 'AUDIT_TABLE',
  stateTable: 'STATE_TABLE',
  /** Path of the policy that is shipped with the functions. */
  policyFile: 'POLICY_FILE',
  /** What the functions are deployed as: `production`, `staging` … A dimension of every metric. */
  stage: 'STAGE',
  /** Name or ARN of the secret with the tokens and client secrets of every workspace. */
  secretName: 'INTERCOM_SECRET_NAME',
  /** How long Intercom's list may take to name a deletion: `24h`, as a policy writes it. */
  reconcileGrace: 'RECONCILE_GRACE',
  /** URL of the queue that takes requests from the webhook to the worker. */
  requestQueueUrl: 'REQUEST_QUEUE_URL',
  /** The share of Intercom's rate limit for deletions on events: `15%`. */
  eventPace: 'EVENT_PACE',
  /** Name or ARN of the bus that is told what was deleted. Nobody is told when it is not set. */
  eventBusName: 'EVENT_BUS_NAME',
  /** The workspace of the deployed policy, for functions that need to know no more of it. */
  workspaceId: 'WORKSPACE_ID',
  /** ARN of the KMS key that signs the seals of the audit. */
  sealKeyId: 'SEAL_KEY_ID',
  /** The bucket that keeps a copy of each seal. */
  sealBucket: 'SEAL_BUCKET',
  /** How long a day must be over before it is sealed: `1h`, as a policy writes it. */
  sealSettlingDelay: 'SEAL_SETTLING_DELAY',
} as const;
