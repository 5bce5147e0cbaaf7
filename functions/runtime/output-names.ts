/** The outputs of the stack, by which the command line and people find what was deployed. */
export const outputNames = {
  auditTable: 'AuditTableName',
  /** Alone may change the audit trail; nobody needs to be it. */
  auditAdminRole: 'AuditAdminRoleArn',
  stateTable: 'StateTableName',
  secretName: 'SecretName',
  sweepStateMachine: 'SweepStateMachineArn',
  sweepFunction: 'SweepFunctionName',
  sweepSchedule: 'SweepScheduleName',
  reconcileStateMachine: 'ReconcileStateMachineArn',
  reconcileFunction: 'ReconcileFunctionName',
  reconcileSchedule: 'ReconcileScheduleName',
  webhookUrl: 'WebhookUrl',
  webhookFunction: 'WebhookFunctionName',
  eventWorkerFunction: 'EventWorkerFunctionName',
  requestQueue: 'RequestQueueUrl',
  deadLetterQueue: 'DeadLetterQueueUrl',
  /** Starts of a schedule that failed every time. */
  deadStartsQueue: 'DeadStartsQueueUrl',
  auditUrl: 'AuditQueryUrl',
  auditFunction: 'AuditQueryFunctionName',
  sealSchedule: 'SealScheduleName',
  sealStateMachine: 'SealStateMachineArn',
  sealFunction: 'SealFunctionName',
  /** Keeps a copy of each seal, locked. */
  sealBucket: 'SealBucketName',
  /** Signs them. */
  sealKey: 'SealKeyArn',
  notificationsTopic: 'NotificationsTopicArn',
  dashboard: 'DashboardName',
  /** Of the policy that was deployed. */
  workspaceId: 'WorkspaceId',
  policyHash: 'PolicyHash',
  /** Where the functions find Intercom: `us`, `eu` or `au`, or the address that was set by hand in its place. */
  intercomAddress: 'IntercomAddress',
  intercomVersion: 'IntercomVersion',
} as const;
