import { brandId, type ContactId, type PolicyHash, type RuleId } from './ids.ts';
import type { NamedPolicy } from './policy.ts';
import { policyHash, toCanonicalJson } from './policy-hash.ts';
import { policyDocument } from './policy-schema.ts';
import { toPolicy } from './to-policy.ts';

/** Whose conversations are to be erased, and whether reports keep counting them. */
export interface Erasure {
  readonly contactId: ContactId;
  readonly retainMetrics: boolean;
}

export interface DerivedPolicy {
  readonly policy: NamedPolicy;
  readonly hash: PolicyHash;
  /** See `parsePolicy`. */
  readonly canonicalJson: string;
}

const ruleId: RuleId = brandId('erasure');

/**
 * The policy by which one contact's conversations are erased: the workspace's own in mode, limits and protections, with one
 * rule in the place of its rules. The same policy and contact give the same hash, and any change of either another one.
 * @param canonicalJson of a policy that has been parsed
 */
export function erasurePolicy(canonicalJson: string, { contactId, retainMetrics }: Erasure): DerivedPolicy {
  const own: unknown = JSON.parse(canonicalJson);
  const document = Object.assign({}, own, {
    approval: 'each_run', // an approval is for this contact alone
    scan: 'search', // one contact's conversations are not looked for in the whole list
    rules: [
      {
        id: ruleId,
        description: 'Erasure of one contact.',
        when: { contact: [contactId] },
        despite: ['minimum_age', 'open'],
        retain_metrics: retainMetrics,
      },
    ],
  });
  const derivedJson = toCanonicalJson(document);
  return {
    policy: toPolicy(policyDocument.parse(document)),
    hash: policyHash(derivedJson),
    canonicalJson: derivedJson,
  };
}
