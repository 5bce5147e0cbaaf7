import type { IsWhole } from './denials.ts';
import type { PolicyDocument } from './policy-document.ts';
import { whoMay } from './who-may.ts';

/** Whom the stack lets do what, by a resource's own policy. */
export interface Expected {
  readonly action: string;
  readonly isExpected: (principal: string) => boolean;
}

/**
 * A clause with its remedy for each statement that lets somebody else do something, also where a denial still keeps them out: such
 * a statement was added for the day on which the denial goes.
 */
export function strangersIn(
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
    for (const { principal, statement, more } of found.filter((grant) => !isExpected(grant.principal))) {
      const who = `${statement} lets ${principalText(principal)}${more} do `;
      actionsOf.set(who, [...(actionsOf.get(who) ?? []), action]);
    }
  }
  return [...actionsOf].map(
    ([who, actions]) => `${who}${[...new Set(actions)].join(', ')}, so take that out of it`,
  );
}

const principalText = (principal: string): string => (principal === '*' ? 'everybody ("*")' : principal);
