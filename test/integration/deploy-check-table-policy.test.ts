import { afterEach, beforeEach, describe, it } from 'vitest';
import { type DeployCheckScene, openDeployCheckScene } from '#support/deploy-check-scene.ts';
import { casesOf, expectSaid } from '#support/policy-findings.ts';
import { auditTablePolicy, type PolicyJson, withChanged } from '#support/stack-policies.ts';

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
        /^audit has no policy that denies dynamodb:BatchWriteItem, .*UpdateTimeToLive to everybody/,
      ],
      [
        'has a policy with a gap',
        () =>
          setTablePolicy(
            withChanged(auditTablePolicy(), 'OnlyTheAuditAdminDeletes', { Action: ['dynamodb:DeleteItem'] }),
          ),
        /denies dynamodb:BatchWriteItem, dynamodb:DeleteTable/,
      ],
    ]),
  )('finds a table that $what', async ({ spoil, said }) => {
    spoil();
    await expectSaid(scene, 'audit_table', 'missing', said);
  });
});
