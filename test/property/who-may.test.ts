import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { denialGuard } from '#cli/deploy-check/denials.ts';
import { readPolicyDocument } from '#cli/deploy-check/policy-document.ts';
import { judgeSealKeyPolicy } from '#cli/deploy-check/seal-key-policy.ts';
import { type Access, accountOf, whoMay } from '#cli/deploy-check/who-may.ts';
import { evaluate } from '#support/naive-iam.ts';
import {
  type PolicyJson,
  sealingRole,
  sealKeyArn,
  sealKeyPolicy,
  withStatement,
} from '#support/stack-policies.ts';

const role = (name: string, account = '123456789012') => `arn:aws:iam::${account}:role/${name}`;
const everybody = [sealingRole, role('stranger'), role('another'), role('foreigner', '999999999999')];
const action = 'kms:Sign';
const isKey = (resource: string) => resource === sealKeyArn;

type Statement = PolicyJson['Statement'][number];

/** A text, or a list of some. */
const spelled = (...texts: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...texts),
    fc.uniqueArray(fc.constantFrom(...texts), { minLength: 1, maxLength: 3 }),
  );

const arns = spelled(...everybody);
const principal = fc.oneof(
  fc.constant('*'),
  fc.record({
    AWS: spelled(
      '*',
      ...everybody,
      '123456789012',
      'arn:aws:iam::123456789012:root',
      'arn:aws:iam::999999999999:root',
    ),
  }),
  fc.record({ Service: fc.constant('cloudwatch.amazonaws.com'), AWS: arns }),
);
const actions = spelled(
  'kms:Sign',
  'KMS:sign',
  'kms:*',
  '*',
  'kms:S?gn',
  'kms:*n',
  'kms:Verify',
  'kms:CreateGrant',
);
const resources = spelled('*', sealKeyArn, 'arn:aws:kms:eu-west-1:123456789012:key/2');
const condition = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  {
    weight: 3,
    arbitrary: fc.record({
      ArnNotEquals: fc.oneof(
        fc.record({ 'aws:PrincipalArn': arns }),
        fc.record({ 'aws:principalarn': arns }),
        fc.record({ 'aws:PrincipalArn': spelled('arn:aws:iam::*:*', role('str?nger')) }),
      ),
    }),
  },
  fc.record({ ArnEquals: fc.record({ 'aws:PrincipalArn': arns }) }),
  fc.record({ Bool: fc.record({ 'aws:SecureTransport': fc.constantFrom('true', 'false') }) }),
  fc.record({ StringEquals: fc.record({ 'aws:SourceAccount': fc.constant('123456789012') }) }),
  fc.record({
    ArnNotEquals: fc.record({ 'aws:PrincipalArn': arns }),
    Bool: fc.record({ 'aws:SecureTransport': fc.constant('false') }),
  }),
);

const either = <Value>(element: string, value: fc.Arbitrary<Value>, nots: number) =>
  fc.oneof(
    { weight: 10 - nots, arbitrary: value.map((of) => ({ [element]: of })) },
    { weight: nots, arbitrary: value.map((of) => ({ [`Not${element}`]: of })) },
  );

const statementOf = (effect: fc.Arbitrary<string>): fc.Arbitrary<Statement> =>
  fc
    .tuple(
      effect,
      either('Principal', principal, 1),
      either('Action', actions, 1),
      either('Resource', resources, 1),
      condition,
    )
    .map(([Effect, ...elements]) => {
      const [principals, itsActions, itsResources, Condition] = elements;
      return { Effect, ...principals, ...itsActions, ...itsResources, ...(Condition && { Condition }) };
    });

const allow = statementOf(fc.constant('Allow'));
const deny = statementOf(fc.constant('Deny'));
const someStatements = fc.array(fc.oneof(allow, deny), { maxLength: 5 });
const policyOf = (Statement: readonly Statement[]): PolicyJson => ({ Version: '2012-10-17', Statement });

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
      fc.property(someStatements, arns, (statements, spared) => {
        const Condition = { ArnNotEquals: { 'aws:PrincipalArn': spared } };
        const denial = { Effect: 'Deny', Principal: '*', Action: action, Resource: '*', Condition };
        const access = accessIn(policyOf([...statements, denial]));
        for (const who of everybody.filter((each) => ![spared].flat().includes(each)))
          expect({ who, may: mayBy(access, who) }).toEqual({ who, may: false });
      }),
    );
  });

  it('lets nobody less when something more is allowed', () => {
    fc.assert(
      fc.property(someStatements, allow, (statements, more) => {
        const before = accessIn(policyOf(statements));
        const after = accessIn(policyOf([...statements, more]));
        for (const who of everybody) if (mayBy(before, who)) expect(mayBy(after, who)).toBe(true);
      }),
    );
  });

  it('lets nobody more when something more is denied', () => {
    fc.assert(
      fc.property(someStatements, deny, (statements, more) => {
        const before = accessIn(policyOf(statements));
        const after = accessIn(policyOf([...statements, more]));
        for (const who of everybody) if (mayBy(after, who)) expect(mayBy(before, who)).toBe(true);
      }),
    );
  });

  it('does not care in which order statements stand, nor whether one text is a list', () => {
    fc.assert(
      fc.property(
        someStatements.chain((statements) =>
          fc.tuple(
            fc.constant(statements),
            fc.shuffledSubarray(statements, { minLength: statements.length }),
          ),
        ),
        ([statements, shuffled]) => {
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
          expect(who(policyOf(asLists))).toEqual(who(policyOf(statements)));
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

describe('judgeSealKeyPolicy', () => {
  const judge = (policy: PolicyJson) =>
    judgeSealKeyPolicy(readPolicyDocument(JSON.stringify(policy)), { key: sealKeyArn, sealer: sealingRole })
      .status;
  const widened = fc
    .tuple(fc.subarray([...sealKeyPolicy().Statement]), fc.array(fc.oneof(allow, deny), { maxLength: 2 }))
    .map(([kept, more]) => withStatement(policyOf(kept), ...more));

  it('says that all is well only when nobody but the sealing function may sign or let others, and that one may', () => {
    let well = 0;
    fc.assert(
      fc.property(widened, (policy) => {
        if (judge(policy) !== 'ok') return;
        well += 1;
        for (const who of everybody) {
          for (const request of requestsOf(who)) {
            const mayLetOthers = evaluate(policy, { ...request, action: 'kms:CreateGrant' }).isAllowed;
            const maySign = evaluate(policy, request).isAllowed;
            if (who !== sealingRole)
              expect({ maySign, mayLetOthers }).toEqual({ maySign: false, mayLetOthers: false });
          }
        }
        expect(accessIn(policy).allowed.map(({ principal: one }) => one)).toContain(sealingRole);
      }),
      { numRuns: 2000 },
    );
    expect(well).toBeGreaterThan(20);
  });

  it('finds nothing well again because more is allowed', () => {
    fc.assert(
      fc.property(
        fc.array(deny, { maxLength: 2 }),
        fc.array(allow, { maxLength: 2 }),
        allow,
        (denied, allowed, more) => {
          const before = withStatement(sealKeyPolicy(), ...denied, ...allowed);
          if (judge(before) !== 'ok') expect(judge(withStatement(before, more))).not.toBe('ok');
        },
      ),
    );
  });
});
