import type { IsWhole } from './denials.ts';
import { letIn } from './let-in.ts';
import { isForAccount } from './policy-condition.ts';
import type { PolicyDocument, Statement } from './policy-document.ts';
import { nothingFound, type PolicyFindings } from './policy-findings.ts';
import { takesIn } from './policy-names.ts';

/** What it takes to tell a topic something. */
export const publish = 'sns:Publish';

/** What tells a topic of alarms. */
export const alarms = 'cloudwatch.amazonaws.com';

/** An alarm that cannot publish goes off without a sound. */
export const alarmsLetIn = (policy: PolicyDocument, account: string, isWhole: IsWhole): PolicyFindings =>
  letIn(policy, {
    action: publish,
    who: alarms,
    isMet: (condition) => condition.kind === 'none' || isForAccount(condition, account),
    harm: 'alarms are silent',
    isWhole,
  });

/** Any denial but that of plain HTTP may be meant for what tells of alarms and of a sweep's end. */
export function keptOut({ statements }: PolicyDocument): PolicyFindings {
  const denials = statements.filter(
    ({ effect, actions, condition }) =>
      effect === 'Deny' && takesIn(actions, publish) && condition.kind !== 'plain_http',
  );
  const isSure = ({ principals, condition }: Statement) =>
    principals.kind === 'these' &&
    ((principals.names.includes('*') && condition.kind !== 'other' && condition.kind !== 'for_accounts') ||
      (principals.names.includes(alarms) && condition.kind === 'none'));
  return {
    wrong: denials
      .filter(isSure)
      .map(({ name }) => `${name} denies ${publish} to alarms, so that they are silent: take it out of it`),
    unclear: denials
      .filter((denial) => !isSure(denial))
      .map(({ name }) => `${name} denies ${publish} to somebody, perhaps to alarms or the state machine`),
  };
}

/** CloudWatch may not use the key that AWS keeps for SNS; whether it may use another is for that key's policy to say. */
export function keyInTheWay(encryptionKey: string | undefined): PolicyFindings {
  if (encryptionKey === undefined || encryptionKey === '') return nothingFound;
  return encryptionKey.endsWith('alias/aws/sns')
    ? {
        wrong: [
          `its messages are encrypted with ${encryptionKey}, which CloudWatch may not use: take that off`,
        ],
        unclear: [],
      }
    : {
        wrong: [],
        unclear: [
          `its messages are encrypted with ${encryptionKey}, so look whether CloudWatch may use that`,
        ],
      };
}
