import { afterEach, beforeEach, describe, it } from 'vitest';
import { type DeployCheckScene, openDeployCheckScene } from '#support/deploy-check-scene.ts';
import { allow, byHand, casesOf, expectSaid, sparing, stranger } from '#support/policy-findings.ts';
import {
  auditAdmin,
  auditTablePolicy,
  type PolicyJson,
  withChanged,
  withStatement,
} from '#support/stack-policies.ts';

let scene: DeployCheckScene;
beforeEach(async () => {
  scene = await openDeployCheckScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

const setTablePolicy = (policy: PolicyJson | undefined) =>
  Object.assign(scene.aws.tables.get('audit')!, { policy: policy && JSON.stringify(policy) });

describe('the check of who changes the audit trail', () => {
  it.each(
    casesOf([
      [
        'has no policy',
        () => setTablePolicy(undefined),
        /: it has no policy that denies dynamodb:BatchWriteItem, .*UpdateTimeToLive to everybody but .*audit-admin, so deny it again;/,
      ],
      [
        'has a policy with a gap',
        () =>
          setTablePolicy(
            withChanged(auditTablePolicy(), 'OnlyTheAuditAdminDeletes', { Action: ['dynamodb:DeleteItem'] }),
          ),
        /denies dynamodb:BatchWriteItem, dynamodb:DeleteTable/,
      ],
      [
        'spares two from its denial',
        () =>
          setTablePolicy(
            withChanged(auditTablePolicy(), 'OnlyTheAuditAdminDeletes', sparing(auditAdmin, stranger)),
          ),
        /its denial of changes spares .*role\/stranger, so take that out/,
      ],
      [
        'spares somebody in the place of the audit admin',
        () => setTablePolicy(withChanged(auditTablePolicy(), 'OnlyTheAuditAdminDeletes', sparing(stranger))),
        /its denial of changes spares .*role\/stranger, so/,
      ],
      [
        'lets another account read and add',
        () =>
          setTablePolicy(
            withStatement(
              auditTablePolicy(),
              allow({ AWS: 'arn:aws:iam::999999999999:root' }, ['dynamodb:PutItem', 'dynamodb:Query']),
            ),
          ),
        /"Wide" lets arn:aws:iam::999999999999:root do dynamodb:PutItem, dynamodb:Query, so take that out/,
      ],
      [
        'lets somebody of its account add, or change the policy',
        () =>
          setTablePolicy(
            withStatement(
              auditTablePolicy(),
              allow({ AWS: stranger }, ['dynamodb:PutItem', 'dynamodb:PutResourcePolicy']),
            ),
          ),
        /"Wide" lets .*role\/stranger do dynamodb:PutItem, dynamodb:PutResourcePolicy/,
      ],
      [
        'lets somebody delete for the day on which the denial goes',
        () =>
          setTablePolicy(withStatement(auditTablePolicy(), allow({ AWS: stranger }, 'dynamodb:DeleteItem'))),
        /"Wide" lets .*role\/stranger \(a denial alone prevents it\) do dynamodb:DeleteItem/,
      ],
      [
        'lets everybody read',
        () => setTablePolicy(withStatement(auditTablePolicy(), allow('*', 'dynamodb:GetItem'))),
        /"Wide" lets everybody \("\*"\) do dynamodb:GetItem/,
      ],
    ]),
  )('finds a table that $what', async ({ spoil, said }) => {
    spoil();
    await expectSaid(scene, 'audit_table', 'missing', [
      /^audit is not as it was deployed: /,
      ...said,
      byHand,
    ]);
  });

  it('says what protection it lacks together with what is wrong with its policy', async () => {
    setTablePolicy(undefined);
    Object.assign(scene.aws.tables.get('audit')!, { deletionProtected: false });
    await expectSaid(scene, 'audit_table', 'missing', [/it has no deletion protection,.*; it has no policy/]);
  });

  it('lets others of its account read, and the audit admin delete', async () => {
    setTablePolicy(
      withStatement(
        auditTablePolicy(),
        allow({ AWS: stranger }, ['dynamodb:GetItem', 'dynamodb:Query']),
        allow({ AWS: auditAdmin }, 'dynamodb:DeleteItem'),
      ),
    );
    await expectSaid(scene, 'audit_table', 'ok', []);
  });

  it('says that it cannot judge what it cannot read', async () => {
    setTablePolicy(withStatement(auditTablePolicy(), { Effect: 'Perhaps' }));
    await expectSaid(scene, 'audit_table', 'could_not_be_checked', [
      /^audit cannot be judged: a statement without a Sid says something/,
      byHand,
    ]);
  });
});
