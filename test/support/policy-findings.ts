import { expect } from 'vitest';
import { type DeployCheckScene, named } from '#support/deploy-check-scene.ts';

/** Nobody whom the stack knows. */
export const stranger = 'arn:aws:iam::123456789012:role/stranger';

/** Nobody of its account. */
export const foreigner = 'arn:aws:iam::999999999999:role/foreigner';

/** A statement of the Sid "Wide"; `more` may make it a denial. */
export const allow = (principal: unknown, action: unknown, more: object = {}) => ({
  Sid: 'Wide',
  Effect: 'Allow',
  Principal: principal,
  Action: action,
  Resource: '*',
  ...more,
});

/** For a denial to everybody but these. */
export const sparing = (...arns: string[]) => ({
  Condition: { ArnNotEquals: { 'aws:PrincipalArn': arns } },
});

/** What was done to a policy, and what has to be said of it. */
export type Finding = readonly [what: string, spoil: () => unknown, ...said: readonly RegExp[]];

export const casesOf = (findings: readonly Finding[]) =>
  findings.map(([what, spoil, ...said]) => ({ what, spoil, said }));

/** Has the deployment checked, and expects one check to end so and to say all of it. */
export async function expectSaid(
  scene: DeployCheckScene,
  check: string,
  status: string,
  said: readonly RegExp[],
): Promise<void> {
  const found = named(await scene.checks(), check);
  expect(found).toMatchObject({ status });
  for (const each of said) expect(found?.message).toMatch(each);
}

export const byHand = /see docs\/operations\.md, "A policy was changed by hand"\.$/;
