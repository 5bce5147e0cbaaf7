import { deniedOnAudit } from '#audit/table-definitions.ts';
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

/** @param names.account In which the table is, twelve digits. */
export function judgeAuditTablePolicy(
  policy: PolicyDocument,
  { table, account }: { readonly table: string; readonly account: string },
): AuditTableFindings {
  const isWholeTable: IsWhole = (resource) => resource.endsWith(`:${account}:table/${table}`);
  const guard = denialGuard(policy, deniedOnAudit, isWholeTable);
  const admins = guard.kind === 'denied' ? guard.exceptTo : [];
  const expected = [
    ...deniedOnAudit.map((action) => ({
      action,
      isExpected: (principal: string) => admins.includes(principal),
    })),
    ...undoing.map((action) => ({ action, isExpected: () => false })),
    ...reading.map((action) => ({
      action,
      isExpected: (principal: string) => isOfAccount(principal, account),
    })),
  ];
  return {
    admins,
    wrong: [...gapsInChanging(guard, account), ...strangersIn(policy, expected, isWholeTable)],
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

/** The stack spares one role of the account, whose name the settings choose. */
function gapsInChanging(guard: DenialGuard, account: string): readonly string[] {
  if (guard.kind === 'open')
    return [
      `it has no policy that denies ${guard.actions.join(', ')} to everybody but the audit's admin, so deny it again`,
    ];
  return guard.exceptTo.length > 1 || guard.exceptTo.some((arn) => !isOfAccount(arn, account))
    ? [
        `its denial of changes spares ${guard.exceptTo.join(' and ')}, so take all out of it but the audit's admin`,
      ]
    : [];
}
