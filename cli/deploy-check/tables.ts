import { deniedOnAudit } from '#audit/table-definitions.ts';
import type { TableProtection } from '#audit/table-protection.ts';
import { outputOf } from '../deployed-stack.ts';
import { type Check, missing, ok } from './check.ts';
import { denialGuard, type IsWhole } from './denials.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';
import { readPolicyDocument } from './policy-document.ts';

/** Whether the audit trail can neither be removed nor changed, and can be set back in time. */
export async function checkAuditTable({ stack, readTableProtection }: DeployCheckDeps): Promise<Check> {
  const table = outputOf(stack, 'auditTable');
  const protection = await readTableProtection(table);
  const lacking = lackingProtections(protection);
  const guard = denialGuard(readPolicyDocument(protection.policy), deniedOnAudit, isWholeTable);
  if (guard.kind === 'open')
    lacking.push(`policy that denies ${guard.actions.join(', ')} to everybody but the audit's admin`);
  if (lacking.length > 0) return missing(lackingText(table, lacking));
  if (guard.kind === 'open' || guard.exceptTo.length === 0)
    return ok(`${table} cannot be removed, nor anything in it by anybody; it can be set back in time.`);
  return ok(
    `${table} cannot be removed, nor anything in it but by ${guard.exceptTo.join(', ')}; it can be set back in time.`,
  );
}

/** `arn:…:table/NAME`, and not an index of it. */
const isWholeTable: IsWhole = (resource) => /:table\/[^/]+$/.test(resource);

/** Whether the run state can be set back in time, and cannot be removed. */
export async function checkStateTable({ stack, readTableProtection }: DeployCheckDeps): Promise<Check> {
  const table = outputOf(stack, 'stateTable');
  const lacking = lackingProtections(await readTableProtection(table));
  return lacking.length > 0
    ? missing(lackingText(table, lacking))
    : ok(`${table} cannot be removed, and can be set back in time.`);
}

const lackingProtections = ({ isDeletionProtected, hasPointInTimeRecovery }: TableProtection): string[] => [
  ...(isDeletionProtected ? [] : ['deletion protection']),
  ...(hasPointInTimeRecovery ? [] : ['point-in-time recovery']),
];

const lackingText = (table: string, lacking: readonly string[]): string =>
  `${table} has no ${lacking.join(' and no ')}; somebody changed it by hand: find out who, and deploy again.`;
