import { deniedOnAudit } from '#audit/table-definitions.ts';
import { arnParts } from './arn-parts.ts';
import { type DenialGuard, denialGuard, type IsWhole } from './denials.ts';
import type { PolicyDocument } from './policy-document.ts';
import { type PolicyFindings, unreadStatements } from './policy-findings.ts';
import { strangersIn } from './strangers.ts';
import { isOfAccount } from './who-may.ts';

/** What the audit table's own policy lets and denies. */
export interface AuditTableFindings extends PolicyFindings {
  /** Whom its denial of changes spares, by ARN. */
  readonly admins: readonly string[];
}

/** @param names.admin ARN of the one role that may change what is recorded, of the table's account. */
export function judgeAuditTablePolicy(
  policy: PolicyDocument,
  { table, admin }: { readonly table: string; readonly admin: string },
): AuditTableFindings {
  const { account } = arnParts(admin);
  const isWholeTable: IsWhole = (resource) => resource.endsWith(`:${account}:table/${table}`);
  const guard = denialGuard(policy, deniedOnAudit, isWholeTable);
  const admins = guard.kind === 'denied' ? guard.exceptTo : [];
  const expected = [
    ...deniedOnAudit.map((action) => ({
      action,
      isExpected: (principal: string) => principal === admin,
    })),
    ...undoing.map((action) => ({ action, isExpected: () => false })),
    ...reading.map((action) => ({
      action,
      isExpected: (principal: string) => isOfAccount(principal, account),
    })),
  ];
  return {
    admins,
    wrong: [...gapsInChanging(guard, admin), ...strangersIn(policy, expected, isWholeTable)],
    unclear: unreadStatements(policy.unread),
  };
}

/** By which somebody could add what did not happen, or change the trail later. The table's own policy lets nobody. */
const undoing = [
  'dynamodb:DeleteResourcePolicy',
  'dynamodb:PartiQLInsert',
  'dynamodb:PutItem',
  'dynamodb:PutResourcePolicy',
  'dynamodb:RestoreTableToPointInTime',
  'dynamodb:UpdateContinuousBackups',
  'dynamodb:UpdateTable',
];

/** For nobody outside of the account: the trail holds ids and reasons. */
const reading = [
  'dynamodb:BatchGetItem',
  'dynamodb:ExportTableToPointInTime',
  'dynamodb:GetItem',
  'dynamodb:GetRecords',
  'dynamodb:PartiQLSelect',
  'dynamodb:Query',
  'dynamodb:Scan',
];

function gapsInChanging(guard: DenialGuard, admin: string): readonly string[] {
  if (guard.kind === 'open')
    return [
      `it has no policy that denies ${guard.actions.join(', ')} to everybody but ${admin}, so deny it again`,
    ];
  const others = guard.exceptTo.filter((arn) => arn !== admin);
  return others.length === 0
    ? []
    : [`its denial of changes spares ${others.join(' and ')}, so take that out of it`];
}
