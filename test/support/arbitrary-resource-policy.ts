import fc from 'fast-check';
import type { PolicyJson } from '#support/stack-policies.ts';

export type StatementJson = PolicyJson['Statement'][number];

const role = (name: string, account = '123456789012') => `arn:aws:iam::${account}:role/${name}`;

/** Two of the account and one of another. */
export const strangers: readonly string[] = [
  role('stranger'),
  role('another'),
  role('foreigner', '999999999999'),
];

/** A text, or a list of some. */
export const spelled = (...texts: readonly string[]): fc.Arbitrary<string | string[]> =>
  fc.oneof(
    fc.constantFrom(...texts),
    fc.uniqueArray(fc.constantFrom(...texts), { minLength: 1, maxLength: 3 }),
  );

const either = <Value>(element: string, value: fc.Arbitrary<Value>) =>
  fc.oneof(
    { weight: 9, arbitrary: value.map((of) => ({ [element]: of })) },
    { weight: 1, arbitrary: value.map((of) => ({ [`Not${element}`]: of })) },
  );

export interface StatementsAbout {
  /** Whom statements name, beside the strangers. */
  readonly roles: readonly string[];
  /** As statements write them, with wildcards. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Statements of every effect, in all the ways that the evaluation in `naive-iam.ts` understands. */
export function arbitraryStatements({ roles, actions, resources }: StatementsAbout): {
  readonly allow: fc.Arbitrary<StatementJson>;
  readonly deny: fc.Arbitrary<StatementJson>;
  readonly either: fc.Arbitrary<StatementJson>;
} {
  const arns = spelled(...roles, ...strangers);
  const accounts = ['123456789012', 'arn:aws:iam::123456789012:root', 'arn:aws:iam::999999999999:root'];
  const principal = fc.oneof(
    fc.constant('*'),
    fc.record({ AWS: spelled('*', ...roles, ...strangers, ...accounts) }),
    fc.record({ Service: fc.constant('cloudwatch.amazonaws.com') }),
    fc.record({ Service: fc.constant('cloudwatch.amazonaws.com'), AWS: arns }),
  );
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
  const statementOf = (effect: string): fc.Arbitrary<StatementJson> =>
    fc
      .tuple(
        either('Principal', principal),
        either('Action', spelled(...actions)),
        either('Resource', spelled(...resources)),
        condition,
      )
      .map(([whose, what, where, Condition]) => ({
        Effect: effect,
        ...whose,
        ...what,
        ...where,
        ...(Condition && { Condition }),
      }));
  const [allow, deny] = [statementOf('Allow'), statementOf('Deny')];
  return { allow, deny, either: fc.oneof(allow, deny) };
}
