import type { Clause, References } from './policy.ts';

/** The one fact that a clause looks at, by the policy's word for it: `last_closed`, `attributes.Plan tier`. */
export function factName(clause: Clause<References>): string {
  if (clause.kind === 'time') return clause.key;
  if (clause.kind === 'attribute') return `attributes.${clause.name}`;
  if (clause.kind === 'ai_participated') return 'ai.participated';
  if (clause.kind === 'ai_resolution') return 'ai.resolution';
  return clause.kind;
}
