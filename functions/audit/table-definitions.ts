/** The keys and indexes of the two tables, as plain data: local tables and the deployed stack are made from the same page. */

interface IndexDefinition {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** Every key is a string; every index holds whole items, and only those that have both of its keys. */
export interface TableDefinition {
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly indexes: readonly IndexDefinition[];
  /** Items with this attribute (UNIX seconds) may be dropped once it has passed. */
  readonly timeToLiveAttribute?: string;
}

/** The three indexes hold every outcome; `by_day` holds every other record of the audit, too, in partitions of their own. */
export const auditTable = {
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: [
    { name: 'by_day', partitionKey: 'by_day', sortKey: 'at' },
    { name: 'by_rule', partitionKey: 'by_rule', sortKey: 'at' },
    { name: 'by_run', partitionKey: 'by_run', sortKey: 'at' },
  ],
} as const satisfies TableDefinition;

export type AuditIndex = (typeof auditTable)['indexes'][number]['name'];

export const stateTable = {
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: [],
  timeToLiveAttribute: 'expires_at_s',
} as const satisfies TableDefinition;

/**
 * What could change or take away what is recorded, and what the audit table's own policy therefore denies to everybody but one
 * role. TTL counts: it deletes by itself, and no `Deny` stops it then.
 */
export const deniedOnAudit = [
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:DeleteTable',
  'dynamodb:PartiQLDelete',
  'dynamodb:PartiQLUpdate',
  'dynamodb:UpdateItem',
  'dynamodb:UpdateTimeToLive',
] as const;
