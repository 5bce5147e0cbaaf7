import {
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  type PublicAccessBlockConfiguration,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { askAws } from '../aws-error.ts';
import { outputOf } from '../deployed-stack.ts';
import { arnParts } from './arn-parts.ts';
import type { Check } from './check.ts';
import { type DenialGuard, denialGuard, deniesPlainHttp, type IsWhole } from './denials.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';
import { type PolicyDocument, readPolicyDocument } from './policy-document.ts';
import { policyCheck, unreadStatements } from './policy-findings.ts';
import { roleKeptOut } from './role-kept-out.ts';
import { strangersIn } from './strangers.ts';

/** Whether nobody but the sealing function writes into the bucket of seals, and nobody but the audit's admin deletes there. */
export async function checkSealBucketPolicy({
  stack,
  aws,
  readSealingRole,
}: DeployCheckDeps): Promise<Check> {
  const Bucket = outputOf(stack, 'sealBucket');
  const [sealer, text, publicAccess] = await Promise.all([
    readSealingRole(),
    ask('s3:GetBucketPolicy', 'NoSuchBucketPolicy', async () => {
      return (await aws.s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy;
    }),
    ask('s3:GetBucketPublicAccessBlock', 'NoSuchPublicAccessBlockConfiguration', async () => {
      const answer = await aws.s3.send(new GetPublicAccessBlockCommand({ Bucket }));
      return answer.PublicAccessBlockConfiguration;
    }),
  ]);
  const { partition } = arnParts(outputOf(stack, 'sealKey'));
  return judgeSealBucketPolicy(readPolicyDocument(text), {
    bucket: Bucket,
    arn: `arn:${partition}:s3:::${Bucket}`,
    sealer,
    admin: outputOf(stack, 'auditAdminRole'),
    isClosedToThePublic: isClosed(publicAccess),
  });
}

/** Undefined for the answer that there is nothing of the kind, for which S3 has no class. */
const ask = <Answer>(action: string, nothing: string, call: () => Promise<Answer>) =>
  askAws(action, async () => {
    try {
      return await call();
    } catch (error) {
      if (error instanceof S3ServiceException && error.name === nothing) return undefined;
      throw error;
    }
  });

const isClosed = (block: PublicAccessBlockConfiguration | undefined): boolean =>
  block?.BlockPublicAcls === true &&
  block.BlockPublicPolicy === true &&
  block.IgnorePublicAcls === true &&
  block.RestrictPublicBuckets === true;

const encrypted = ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'];
const deleting = ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion'];

/** By which somebody could do either later, or round about. The bucket's own policy lets nobody. */
const undoing = [
  's3:DeleteBucket',
  's3:DeleteBucketPolicy',
  's3:PutBucketObjectLockConfiguration',
  's3:PutBucketPolicy',
  's3:PutBucketPublicAccessBlock',
  's3:PutBucketVersioning',
  's3:PutLifecycleConfiguration',
  's3:PutObjectLegalHold',
  's3:PutObjectRetention',
  's3:ReplicateDelete',
  's3:ReplicateObject',
];

interface Names {
  readonly bucket: string;
  readonly arn: string;
  /** ARN of the sealing function's role. */
  readonly sealer: string;
  /** ARN of the one role that may delete. */
  readonly admin: string;
  readonly isClosedToThePublic: boolean;
}

export function judgeSealBucketPolicy(
  policy: PolicyDocument,
  { bucket, arn, sealer, admin, isClosedToThePublic }: Names,
): Check {
  const everyObject: IsWhole = (resource) => resource === `${arn}/*`;
  const deletes = denialGuard(policy, deleting, everyObject);
  const admins = deletes.kind === 'denied' ? deletes.exceptTo : [];
  const expected = [
    { action: 's3:PutObject', isExpected: (principal: string) => principal === sealer },
    ...deleting.map((action) => ({
      action,
      isExpected: (principal: string) => principal === admin,
    })),
    ...undoing.map((action) => ({ action, isExpected: () => false })),
  ];
  const keptOut = roleKeptOut(policy, {
    action: 's3:PutObject',
    role: sealer,
    harm: 'no copy of a seal is kept',
    isWhole: everyObject,
  });
  const wrong = [
    ...keptOut.wrong,
    ...(isClosedToThePublic ? [] : ['the block of public access is not on, so switch all four of it on']),
    ...(encrypted.every((action) => deniesPlainHttp(policy, action, everyObject))
      ? []
      : ['it does not deny requests over plain HTTP to everybody, so deny them again']),
    ...gapsInWriting(denialGuard(policy, ['s3:PutObject'], everyObject), sealer),
    ...gapsInDeleting(deletes, admin),
    ...strangersIn(policy, expected, everyObject),
  ];
  const deleters = admins.length === 0 ? 'nobody' : `nobody but ${admins.join(', ')}`;
  return policyCheck(
    bucket,
    { wrong, unclear: [...keptOut.unclear, ...unreadStatements(policy.unread)] },
    `Nobody but ${sealer} writes into ${bucket}, and ${deleters} deletes there; it is closed to the public and to plain HTTP.`,
  );
}

function gapsInWriting(guard: DenialGuard, sealer: string): readonly string[] {
  if (guard.kind === 'open')
    return [`it does not deny s3:PutObject to everybody but ${sealer}, so deny it again`];
  const others = guard.exceptTo.filter((arn) => arn !== sealer);
  return others.length === 0
    ? []
    : [`its denial of s3:PutObject spares ${others.join(', ')}, so take that out of it`];
}

function gapsInDeleting(guard: DenialGuard, admin: string): readonly string[] {
  if (guard.kind === 'open')
    return [`it does not deny ${guard.actions.join(', ')} to everybody but ${admin}, so deny it again`];
  const others = guard.exceptTo.filter((arn) => arn !== admin);
  return others.length === 0
    ? []
    : [`its denial of deletions spares ${others.join(' and ')}, so take that out of it`];
}
