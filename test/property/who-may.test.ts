import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { denialGuard } from '#cli/deploy-check/denials.ts';
import { readPolicyDocument } from '#cli/deploy-check/policy-document.ts';
import { type Access, accountOf, whoMay } from '#cli/deploy-check/who-may.ts';
import {
  arbitraryStatements,
  type StatementJson,
  spelled,
  strangers,
} from '#support/arbitrary-resource-policy.ts';
import { evaluate } from '#support/naive-iam.ts';
import { type PolicyJson, sealingRole, sealKeyArn } from '#support/stack-policies.ts';

const everybody = [sealingRole, ...strangers];
const action = 'kms:Sign';
const isKey = (resource: string) => resource === sealKeyArn;

const statements = arbitraryStatements({
  roles: [sealingRole],
  actions: ['kms:Sign', 'KMS:sign', 'kms:*', '*', 'kms:S?gn', 'kms:*n', 'kms:Verify', 'kms:CreateGrant'],
  resources: ['*', sealKeyArn, 'arn:aws:kms:eu-west-1:123456789012:key/2'],
});
const { allow, deny } = statements;
const arns = spelled(...everybody);
const someStatements = fc.array(statements.either, { maxLength: 5 });
const policyOf = (Statement: readonly StatementJson[]): PolicyJson => ({ Version: '2012-10-17', Statement });

const accessIn = (policy: PolicyJson): Access =>
  whoMay(readPolicyDocument(JSON.stringify(policy)), action, isKey);

/** Whether the judge says that this role may. */
const mayBy = ({ allowed }: Access, who: string): boolean =>
  allowed.some(({ principal: one }) => one === '*' || one === who || accountOf(one) === who.split(':')[4]);

/** The requests of one role, by whatever way they come. */
const requestsOf = (who: string, asked = action) =>
  [
    ['true', '123456789012'],
    ['false', '123456789012'],
    ['true', undefined],
  ].map(([isTls, sourceAccount]) => ({
    principal: who,
    action: asked,
    resource: sealKeyArn,
    context: new Map([
      ['aws:principalarn', who],
      ['aws:securetransport', isTls!],
      ...(sourceAccount === undefined ? [] : [['aws:sourceaccount', sourceAccount] as const]),
    ]),
  }));

const isEverAllowed = (policy: PolicyJson, who: string) =>
  requestsOf(who).some((request) => evaluate(policy, request).isAllowed);

describe('whoMay', () => {
  it('leaves out nobody whom the policy lets', () => {
    fc.assert(
      fc.property(someStatements.map(policyOf), (policy) => {
        const access = accessIn(policy);
        for (const who of everybody.filter((each) => isEverAllowed(policy, each)))
          expect({ who, may: mayBy(access, who) }).toEqual({ who, may: true });
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves out whom a denial to everybody else keeps out, so that it is of use', () => {
    fc.assert(
      fc.property(someStatements, arns, (some, spared) => {
        const Condition = { ArnNotEquals: { 'aws:PrincipalArn': spared } };
        const denial = { Effect: 'Deny', Principal: '*', Action: action, Resource: '*', Condition };
        const access = accessIn(policyOf([...some, denial]));
        for (const who of everybody.filter((each) => ![spared].flat().includes(each)))
          expect({ who, may: mayBy(access, who) }).toEqual({ who, may: false });
      }),
    );
  });

  it('lets nobody less when something more is allowed', () => {
    fc.assert(
      fc.property(someStatements, allow, (some, more) => {
        const before = accessIn(policyOf(some));
        const after = accessIn(policyOf([...some, more]));
        for (const who of everybody) if (mayBy(before, who)) expect(mayBy(after, who)).toBe(true);
      }),
    );
  });

  it('lets nobody more when something more is denied', () => {
    fc.assert(
      fc.property(someStatements, deny, (some, more) => {
        const before = accessIn(policyOf(some));
        const after = accessIn(policyOf([...some, more]));
        for (const who of everybody) if (mayBy(after, who)) expect(mayBy(before, who)).toBe(true);
      }),
    );
  });

  it('does not care in which order statements stand, nor whether one text is a list', () => {
    fc.assert(
      fc.property(
        someStatements.chain((some) =>
          fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
        ),
        ([some, shuffled]) => {
          const asLists = JSON.parse(JSON.stringify(shuffled), (key, value) =>
            listed.has(key) && typeof value === 'string' && !(key === 'Principal') ? [value] : value,
          );
          const who = (policy: PolicyJson) => {
            const access = accessIn(policy);
            return {
              may: everybody.filter((each) => mayBy(access, each)),
              stopped: new Set(access.stopped.map(({ principal: one }) => one)),
            };
          };
          expect(who(policyOf(asLists))).toEqual(who(policyOf(some)));
        },
      ),
    );
  });
});

const listed: ReadonlySet<string> = new Set([
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'AWS',
  'Service',
  'aws:PrincipalArn',
  'aws:principalarn',
  'aws:SecureTransport',
  'aws:SourceAccount',
]);

describe('denialGuard', () => {
  it('says "denied" only of what is denied to everybody whom it does not name', () => {
    fc.assert(
      fc.property(fc.array(deny, { minLength: 1, maxLength: 4 }).map(policyOf), (policy) => {
        const guard = denialGuard(readPolicyDocument(JSON.stringify(policy)), [action], isKey);
        if (guard.kind === 'open') return;
        for (const who of everybody.filter((each) => !guard.exceptTo.includes(each)))
          for (const request of requestsOf(who)) expect(evaluate(policy, request).isDenied).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
