import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { askAws } from '../aws-error.ts';
import { outputOf } from '../deployed-stack.ts';
import { arnParts } from './arn-parts.ts';
import type { Check } from './check.ts';
import { deniesPlainHttp, type IsWhole } from './denials.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';
import { isForAccount, type PolicyCondition } from './policy-condition.ts';
import { type PolicyDocument, readPolicyDocument } from './policy-document.ts';
import { nothingFound, type PolicyFindings, policyCheck, unreadStatements } from './policy-findings.ts';
import { alarms, alarmsLetIn, keptOut, keyInTheWay, publish } from './silenced-alarms.ts';
import { lettingOthers, strangersIn } from './strangers.ts';
import { isOfAccount } from './who-may.ts';

/** Whether alarms and the sweep's end can be told to the topic, and nobody from outside can tell it anything or listen. */
export async function checkTopicPolicy({ stack, aws }: DeployCheckDeps): Promise<Check> {
  const TopicArn = outputOf(stack, 'notificationsTopic');
  const { Attributes: attributes } = await askAws('sns:GetTopicAttributes', () =>
    aws.sns.send(new GetTopicAttributesCommand({ TopicArn })),
  );
  return judgeTopicPolicy(readPolicyDocument(attributes?.['Policy']), {
    topic: TopicArn,
    encryptionKey: attributes?.['KmsMasterKeyId'],
  });
}

/** @param about.encryptionKey Of the topic's messages at rest; undefined for none, as the stack has it. */
export function judgeTopicPolicy(
  policy: PolicyDocument,
  { topic, encryptionKey }: { readonly topic: string; readonly encryptionKey: string | undefined },
): Check {
  const isWhole: IsWhole = (resource) => resource === topic;
  const { account } = arnParts(topic);
  const findings = [
    alarmsLetIn(policy, account, isWhole),
    keptOut(policy),
    keyInTheWay(encryptionKey),
    strangersAt(policy, account, isWhole),
    deniesPlainHttp(policy, publish, isWhole)
      ? nothingFound
      : {
          ...nothingFound,
          wrong: [`it does not deny ${publish} over plain HTTP to everybody, so deny it again`],
        },
    { ...nothingFound, unclear: unreadStatements(policy.unread) },
  ];
  return policyCheck(
    topic,
    {
      wrong: findings.flatMap(({ wrong }) => wrong),
      unclear: findings.flatMap(({ unclear }) => unclear),
    },
    `CloudWatch may tell alarms to ${topic}, nothing keeps the sweep's state machine out, and it is closed to strangers and to plain HTTP.`,
  );
}

/** What strangers must not do: tell lies, listen, and let others. */
const forNobodyElse = [
  'sns:AddPermission',
  'sns:DeleteTopic',
  publish,
  'sns:RemovePermission',
  'sns:SetTopicAttributes',
  'sns:Subscribe',
];

/** CloudWatch may tell; who is named within the account may what the account lets them anyway. */
function strangersAt(policy: PolicyDocument, account: string, isWhole: IsWhole): PolicyFindings {
  const isKnown = (action: string, principal: string, condition: PolicyCondition): boolean => {
    if (principal === alarms && action === publish)
      return condition.kind !== 'for_accounts' || isForAccount(condition, account);
    return principal === '*' ? isForAccount(condition, account) : isOfAccount(principal, account);
  };
  const isUnclear = (principal: string, condition: PolicyCondition): boolean =>
    principal === '*' && condition.kind === 'other';
  const expected = forNobodyElse.map((action) => ({
    action,
    isExpected: (principal: string, condition: PolicyCondition) =>
      isUnclear(principal, condition) || isKnown(action, principal, condition),
  }));
  const certain = forNobodyElse.map((action) => ({
    action,
    isExpected: (principal: string, condition: PolicyCondition) => !isUnclear(principal, condition),
  }));
  return {
    wrong: strangersIn(policy, expected, isWhole),
    unclear: lettingOthers(policy, certain, isWhole).map(
      (clause) => `${clause}, on a condition that this version does not know`,
    ),
  };
}
