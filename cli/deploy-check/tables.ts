import type { TableProtection } from '#audit/table-protection.ts';
import { outputOf } from '../deployed-stack.ts';
import { judgeAuditTablePolicy } from './audit-table-policy.ts';
import type { Check } from './check.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';
import { readPolicyDocument } from './policy-document.ts';
import { findingsCheck } from './policy-findings.ts';

/** Whether the audit trail can neither be removed nor changed, nor read from outside, and can be set back in time. */
export async function checkAuditTable({ stack, readTableProtection }: DeployCheckDeps): Promise<Check> {
  const table = outputOf(stack, 'auditTable');
  const protection = await readTableProtection(table);
  const admin = outputOf(stack, 'auditAdminRole');
  const policy = readPolicyDocument(protection.policy);
  const { admins, wrong, unclear } = judgeAuditTablePolicy(policy, { table, admin });
  const changers = admins.length === 0 ? 'by anybody' : `but by ${admins.join(', ')}`;
  return findingsCheck(
    table,
    { wrong: [...lackingProtections(table, protection), ...wrong], unclear },
    `${table} cannot be removed, nor anything in it ${changers}; it can be set back in time.`,
  );
}

/** Whether the run state can be set back in time, and cannot be removed. */
export async function checkStateTable({ stack, readTableProtection }: DeployCheckDeps): Promise<Check> {
  const table = outputOf(stack, 'stateTable');
  return findingsCheck(
    table,
    { wrong: lackingProtections(table, await readTableProtection(table)), unclear: [] },
    `${table} cannot be removed, and can be set back in time.`,
  );
}

const lackingProtections = (
  table: string,
  { isDeletionProtected, hasPointInTimeRecovery }: TableProtection,
): readonly string[] => [
  ...(isDeletionProtected
    ? []
    : [
        `it has no deletion protection, so switch it on (aws dynamodb update-table --table-name ${table} --deletion-protection-enabled)`,
      ]),
  ...(hasPointInTimeRecovery
    ? []
    : [
        `it has no point-in-time recovery, so switch it on (aws dynamodb update-continuous-backups --table-name ${table} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true)`,
      ]),
];
