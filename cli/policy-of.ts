import { type DerivedPolicy, erasurePolicy } from '#policy/erasure-policy.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import type { PolicyFile } from './policy-file.ts';

/** The policy by which a stored plan is judged: the file's, or for an erasure the one that derives from it. */
export const policyOf = (
  { erasure }: PlanRecord,
  { policy, hash, canonicalJson }: PolicyFile,
): DerivedPolicy =>
  erasure === undefined ? { policy, hash, canonicalJson } : erasurePolicy(canonicalJson, erasure);
