import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erasurePolicy } from '#policy/erasure-policy.ts';
import { brandId, type ContactId } from '#policy/ids.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import { policyHash } from '#policy/policy-hash.ts';
import { arbitraryPolicyDocument } from '#support/arbitrary-policy.ts';
import { testWords } from '#support/policy-world.ts';

const arbitraryOwn = arbitraryPolicyDocument(testWords).map((document) => {
  const parsed = parsePolicy(JSON.stringify(document));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed;
});
const arbitraryErasure = fc.record({
  contactId: fc.stringMatching(/^[\w-]{1,40}$/).map((id) => brandId<ContactId>(id)),
  retainMetrics: fc.boolean(),
});

describe('erasurePolicy', () => {
  it("is the workspace's own policy in everything but its rules, its approval and its scan", () => {
    fc.assert(
      fc.property(arbitraryOwn, arbitraryErasure, (own, erasure) => {
        const { rules, approval, scan, ...derived } = erasurePolicy(own.canonicalJson, erasure).policy;
        const { rules: _rules, approval: _approval, scan: _scan, ...others } = own.policy;
        expect(derived).toEqual(others);
        expect([approval, scan]).toEqual(['each_run', 'search']);
        expect(rules).toEqual([
          {
            id: 'erasure',
            description: 'Erasure of one contact.',
            legalBasis: undefined,
            on: ['schedule'],
            when: { kind: 'contact', choice: { negated: false, values: [erasure.contactId] } },
            despite: ['minimum_age', 'open'],
            retainMetrics: erasure.retainMetrics,
          },
        ]);
      }),
    );
  });

  it('is a policy of the file format, with the hash of its canonical JSON', () => {
    fc.assert(
      fc.property(arbitraryOwn, arbitraryErasure, (own, erasure) => {
        const derived = erasurePolicy(own.canonicalJson, erasure);
        expect(parsePolicy(derived.canonicalJson)).toEqual({ ok: true, ...derived, tests: [] });
        expect(derived.hash).toBe(policyHash(derived.canonicalJson));
        expect(derived.hash).not.toBe(own.hash);
      }),
    );
  });

  it('has a hash of its own for each contact, flag and policy', () => {
    fc.assert(
      fc.property(arbitraryOwn, arbitraryErasure, arbitraryErasure, (own, one, other) => {
        const isSame = one.contactId === other.contactId && one.retainMetrics === other.retainMetrics;
        const hashes = [one, other].map((erasure) => erasurePolicy(own.canonicalJson, erasure).hash);
        expect(hashes[0] === hashes[1]).toBe(isSame);
      }),
    );
    const changed = parsePolicy('{ version: 1, workspace: w, mode: delete, rules: [] }');
    const own = parsePolicy('{ version: 1, workspace: w, rules: [] }');
    const erasure = { contactId: brandId<ContactId>('7'), retainMetrics: true };
    if (!changed.ok || !own.ok) throw new Error('both are policies');
    expect(erasurePolicy(own.canonicalJson, erasure).hash).not.toBe(
      erasurePolicy(changed.canonicalJson, erasure).hash,
    );
  });
});
