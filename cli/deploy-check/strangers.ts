import type { IsWhole } from './denials.ts';
import type { PolicyCondition } from './policy-condition.ts';
import type { PolicyDocument } from './policy-document.ts';
import { whoMay } from './who-may.ts';

/** Whom the stack lets do what, by a resource's own policy. */
export interface Expected {
  readonly action: string;
  readonly isExpected: (principal: string, condition: PolicyCondition) => boolean;
}

/**
 * A clause with its remedy for each statement that lets somebody else do something, also where a denial still keeps them out: such
 * a statement was added for the day on which the denial goes.
 */
export const strangersIn = (
  policy: PolicyDocument,
  expected: readonly Expected[],
  isWhole: IsWhole,
): readonly string[] =>
  lettingOthers(policy, expected, isWhole).map((clause) => `${clause}, so take that out of it`);

/** A clause for each statement that lets somebody else do something. */
export function lettingOthers(
  policy: PolicyDocument,
  expected: readonly Expected[],
  isWhole: IsWhole,
): readonly string[] {
  const actionsOf = new Map<string, string[]>();
  for (const { action, isExpected } of expected) {
    const { allowed, stopped } = whoMay(policy, action, isWhole);
    const found = [
      ...allowed.map((grant) => ({ ...grant, more: '' })),
      ...stopped.map((grant) => ({ ...grant, more: ' (a denial alone prevents it)' })),
    ];
    for (const { principal, statement, condition, more } of found) {
      if (isExpected(principal, condition)) continue;
      const who = `${statement} lets ${principalText(principal)}${behalfText(condition)}${more} do `;
      actionsOf.set(who, [...(actionsOf.get(who) ?? []), action]);
    }
  }
  return [...actionsOf].map(([who, actions]) => `${who}${[...new Set(actions)].join(', ')}`);
}

const principalText = (principal: string): string => (principal === '*' ? 'everybody ("*")' : principal);

const behalfText = (condition: PolicyCondition): string =>
  condition.kind === 'for_accounts' ? ` on behalf of ${condition.accounts.join(', ')}` : '';
