import { GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { askAws } from '../aws-error.ts';
import { outputOf } from '../deployed-stack.ts';
import { arnParts } from './arn-parts.ts';
import type { Check } from './check.ts';
import { denialGuard, type IsWhole } from './denials.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';
import { letIn } from './let-in.ts';
import { type PolicyDocument, readPolicyDocument } from './policy-document.ts';
import { policyCheck, unreadStatements } from './policy-findings.ts';
import { roleKeptOut } from './role-kept-out.ts';
import { strangersIn } from './strangers.ts';
import { accountOf } from './who-may.ts';

/** Whether the sealing function may sign with the key of the seals, and nobody else. */
export async function checkSealKeyPolicy({ stack, aws, readSealingRole }: DeployCheckDeps): Promise<Check> {
  const key = outputOf(stack, 'sealKey');
  const sealer = await readSealingRole();
  const { Policy } = await askAws('kms:GetKeyPolicy', () =>
    aws.kms.send(new GetKeyPolicyCommand({ KeyId: key, PolicyName: 'default' })),
  );
  return judgeSealKeyPolicy(readPolicyDocument(Policy), { key, sealer });
}

/** Who may let others sign is as good as who may. */
const signing = ['kms:Sign', 'kms:CreateGrant'];

/** @param names.sealer ARN of the sealing function's role. */
export function judgeSealKeyPolicy(
  policy: PolicyDocument,
  { key, sealer }: { readonly key: string; readonly sealer: string },
): Check {
  const isWhole: IsWhole = (resource) => resource === key;
  const { account } = arnParts(key);
  const signs = { action: 'kms:Sign', harm: 'no day is sealed', isWhole };
  const isLetIn = letIn(policy, { ...signs, who: sealer, isMet: ({ kind }) => kind === 'none' });
  const isKeptOut = roleKeptOut(policy, { ...signs, role: sealer });
  const wrong = [
    ...isLetIn.wrong,
    ...isKeptOut.wrong,
    ...strangersIn(
      policy,
      [
        ...signing.map((action) => ({ action, isExpected: (principal: string) => principal === sealer })),
        { action: 'kms:PutKeyPolicy', isExpected: (principal) => accountOf(principal) === account },
      ],
      isWhole,
    ),
    ...gapsInDenial(policy, sealer, isWhole),
  ];
  return policyCheck(
    key,
    { wrong, unclear: [...isLetIn.unclear, ...isKeptOut.unclear, ...unreadStatements(policy.unread)] },
    `Nobody but ${sealer} may sign with ${key}.`,
  );
}

/** A grant that was given in an unguarded hour lasts, and nothing but the denial stops whoever has it. */
function gapsInDenial(policy: PolicyDocument, sealer: string, isWhole: IsWhole): readonly string[] {
  const guard = denialGuard(policy, signing, isWhole);
  if (guard.kind === 'open')
    return [`it does not deny ${guard.actions.join(' and ')} to everybody but ${sealer}, so deny it again`];
  const spared = guard.exceptTo.filter((arn) => arn !== sealer);
  return spared.length === 0 ? [] : [`its denial spares ${spared.join(', ')}, so take that out of it`];
}
