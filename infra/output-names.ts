/** The outputs of the stack, by which the command line and people find what was deployed. */
export const outputNames = {
  auditTable: 'AuditTableName',
  stateTable: 'StateTableName',
  secretName: 'SecretName',
  sweepStateMachine: 'SweepStateMachineArn',
  sweepFunction: 'SweepFunctionName',
  sweepSchedule: 'SweepScheduleName',
  reconcileFunction: 'ReconcileFunctionName',
  reconcileSchedule: 'ReconcileScheduleName',
  webhookUrl: 'WebhookUrl',
  webhookFunction: 'WebhookFunctionName',
  requestQueue: 'RequestQueueUrl',
  deadLetterQueue: 'DeadLetterQueueUrl',
  auditUrl: 'AuditQueryUrl',
  auditFunction: 'AuditQueryFunctionName',
  notificationsTopic: 'NotificationsTopicArn',
  dashboard: 'DashboardName',
} as const;
