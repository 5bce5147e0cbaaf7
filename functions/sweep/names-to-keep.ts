import type { ResolvedPolicy } from '#policy/policy.ts';
import { type ResolvedNames, resolvedNames } from '#policy/resolved-names.ts';
import type { SweepRequest } from './sweep-deps.ts';

/** So that the plan's record stays far below what the store takes. */
const mostCharacters = 50_000;

/** What the policy's names stand for, to be kept with its plan; undefined for an erasure, and where they are very many. */
export function namesToKeep(
  { policy, erasure }: Pick<SweepRequest, 'policy' | 'erasure'>,
  resolved: ResolvedPolicy,
): ResolvedNames | undefined {
  if (erasure !== undefined) return undefined;
  const names = resolvedNames(policy, resolved);
  return JSON.stringify(names).length <= mostCharacters ? names : undefined;
}
