import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facts } from '#policy/facts.ts';
import { brandId, type ContactId, type TagId } from '#policy/ids.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import { daysBefore, factsOf, testNow } from '#support/facts.ts';
import { policyOf, ruleOf } from '#support/policies.ts';
import { abandonOne, type DeleteDeps, deleteOne } from '#sweep/delete-one.ts';
import { indexHolds } from '#sweep/holds.ts';
import type { PlannedDeletion } from '#sweep/outcome.ts';
import { toAuditFacts } from '#sweep/plan-draft.ts';
import type { DeleteAnswer } from '#sweep/ports.ts';

/** How Intercom treats one DELETE of a conversation that exists. */
const treatments = ['deletes', 'deletes_but_loses_the_answer', 'loses_the_request', 'refuses'] as const;
type Treatment = (typeof treatments)[number];

type Call = 'read' | 'delete';

/** One conversation at an Intercom that loses requests and answers. */
function intercomWith(options: {
  readonly exists: boolean;
  readonly facts: Facts;
  readonly treatments: readonly Treatment[];
}) {
  const calls: Call[] = [];
  let exists = options.exists;
  let saidDeleted = false;
  const treatment = options.treatments.values();
  const seen = { httpStatus: 0, requestId: null };
  return {
    calls,
    get exists() {
      return exists;
    },
    get saidDeleted() {
      return saidDeleted;
    },
    port: {
      read: () => {
        calls.push('read');
        return Promise.resolve(exists ? { facts: options.facts, readAt: testNow } : undefined);
      },
      delete: (): Promise<DeleteAnswer> => {
        calls.push('delete');
        if (!exists) return Promise.resolve({ kind: 'not_found', ...seen, httpStatus: 404 });
        switch (treatment.next().value ?? 'deletes') {
          case 'deletes':
            exists = false;
            saidDeleted = true;
            return Promise.resolve({ kind: 'deleted', ...seen, httpStatus: 200 });
          case 'deletes_but_loses_the_answer':
            exists = false;
            return Promise.resolve({ kind: 'lost', cause: 'timeout', ...seen, httpStatus: null });
          case 'loses_the_request':
            return Promise.resolve({ kind: 'lost', cause: 'http_500', ...seen, httpStatus: 500 });
          case 'refuses':
            return Promise.resolve({ kind: 'refused', code: 'conflict', ...seen, httpStatus: 409 });
        }
      },
    },
  };
}

const plannedFrom = (facts: Facts, readAt: Instant = testNow): PlannedDeletion => ({
  conversationId: facts.conversationId,
  ruleId: ruleOf().id,
  retainMetrics: true,
  readAt,
  facts: toAuditFacts(facts),
});

function depsWith(intercom: ReturnType<typeof intercomWith>, changes: Partial<DeleteDeps> = {}): DeleteDeps {
  const port: Pick<DeleteDeps['intercom'], 'read' | 'delete'> = intercom.port;
  return {
    intercom: port as DeleteDeps['intercom'],
    clock: { now: () => testNow, sleep: () => Promise.resolve() },
    policy: policyOf(),
    holds: indexHolds([]),
    assertAllowed: () => {},
    ...changes,
  };
}

const hold = (target: 'conversation' | 'contact' | 'tag', targetId: string) => ({
  target,
  targetId,
  matter: 'Case 12',
  owner: 'legal',
  reason: 'litigation',
  placedAt: testNow,
});

const pasts = fc.constantFrom('clean' as const, 'suspect' as const);

describe('deleteOne', () => {
  it('says deleted exactly when Intercom said so, and failed or kept only for what is still there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...treatments), { maxLength: 5 }),
        fc.boolean(),
        pasts,
        async (chosen, exists, past) => {
          const facts = factsOf();
          const intercom = intercomWith({ exists, facts, treatments: chosen });
          const ending = await deleteOne(depsWith(intercom), plannedFrom(facts), past);
          expect(ending.outcome === 'deleted').toBe(intercom.saidDeleted);
          expect(ending.outcome === 'failed' || ending.outcome === 'kept').toBe(intercom.exists);
          if (ending.outcome === 'not_found')
            expect({ exists, past }).toEqual({ exists: false, past: 'clean' });
        },
      ),
    );
  });

  it('reads a conversation again between any DELETE whose answer was lost and the next DELETE', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...treatments), { maxLength: 5 }),
        pasts,
        async (chosen, past) => {
          const facts = factsOf();
          const intercom = intercomWith({ exists: true, facts, treatments: chosen });
          await deleteOne(depsWith(intercom), plannedFrom(facts), past);
          const unread = intercom.calls.some(
            (call, at) => call === 'delete' && intercom.calls[at - 1] === 'delete',
          );
          expect(unread).toBe(false);
          if (past === 'suspect') expect(intercom.calls[0]).toBe('read');
        },
      ),
    );
  });

  it('reads again before the DELETE when the facts are older than recheck_after, and not before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 3_600_000 }), async (ageMs) => {
        const facts = factsOf();
        const intercom = intercomWith({ exists: true, facts, treatments: [] });
        const readAt = instantFromMs(testNow - ageMs);
        await deleteOne(depsWith(intercom), plannedFrom(facts, readAt), 'clean');
        expect(intercom.calls).toEqual(ageMs >= 15 * 60_000 ? ['read', 'delete'] : ['delete']);
      }),
    );
  });

  it('always reads first with recheck_after: 0s', async () => {
    const facts = factsOf();
    const intercom = intercomWith({ exists: true, facts, treatments: [] });
    const policy = policyOf({ recheckAfter: { amount: 0, unit: 's' } });
    await deleteOne(depsWith(intercom, { policy }), plannedFrom(facts), 'clean');
    expect(intercom.calls).toEqual(['read', 'delete']);
  });

  it.each([
    ['changed', { updatedAt: daysBefore(400) }],
    ['protected', { tagIds: [brandId<TagId>('77')] }],
    ['changed', { state: undefined }],
    ['changed', { state: 'open' as const }],
  ])('spares as %s a conversation that no longer qualifies: %j', async (reason, change) => {
    const intercom = intercomWith({ exists: true, facts: factsOf(change), treatments: [] });
    const ending = await deleteOne(depsWith(intercom), plannedFrom(factsOf(), daysBefore(1)), 'clean');
    expect(ending).toMatchObject({ outcome: 'kept', reason, attemptedAt: null });
    expect(intercom.calls).toEqual(['read']);
  });

  it('spares a conversation that another rule or another flag would delete now: the plan never grows', async () => {
    const facts = factsOf();
    const otherFlag = policyOf({ rules: [ruleOf({ retainMetrics: false })] });
    const intercom = intercomWith({ exists: true, facts, treatments: [] });
    const ending = await deleteOne(
      depsWith(intercom, { policy: otherFlag }),
      plannedFrom(facts, daysBefore(1)),
      'clean',
    );
    expect(ending).toMatchObject({ outcome: 'kept', reason: 'changed' });
    expect(intercom.exists).toBe(true);
  });

  it('sends nothing for a conversation that is held by its own id or a tag', async () => {
    const facts = factsOf({ tagIds: [brandId<TagId>('5')] });
    for (const holds of [hold('conversation', facts.conversationId), hold('tag', '5')]) {
      const intercom = intercomWith({ exists: true, facts, treatments: [] });
      const ending = await deleteOne(
        depsWith(intercom, { holds: indexHolds([holds]) }),
        plannedFrom(facts),
        'clean',
      );
      expect(ending).toMatchObject({ outcome: 'kept', reason: 'held' });
      expect(intercom.calls).toEqual([]);
    }
  });

  it('checks a hold on a contact on a fresh read, and keeps what it cannot check', async () => {
    const holds = indexHolds([hold('contact', 'c1')]);
    for (const contactIds of [[brandId<ContactId>('c1')], undefined]) {
      const intercom = intercomWith({ exists: true, facts: factsOf({ contactIds }), treatments: [] });
      const ending = await deleteOne(depsWith(intercom, { holds }), plannedFrom(factsOf()), 'clean');
      expect(ending).toMatchObject({ outcome: 'kept', reason: 'held' });
      expect(intercom.calls).toEqual(['read']);
    }
  });

  it('sends no DELETE when it is not allowed any more', async () => {
    const facts = factsOf();
    const intercom = intercomWith({ exists: true, facts, treatments: [] });
    const assertAllowed = () => {
      throw new Error('lease lost');
    };
    await expect(
      deleteOne(depsWith(intercom, { assertAllowed }), plannedFrom(facts), 'clean'),
    ).rejects.toThrow('lease lost');
    expect(intercom.calls).toEqual([]);
  });
});

describe('abandonOne', () => {
  it('sends no DELETE, and calls unresolved only a suspect conversation that is gone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), pasts, async (exists, past) => {
        const facts = factsOf();
        const intercom = intercomWith({ exists, facts, treatments: [] });
        const ending = await abandonOne(depsWith(intercom), plannedFrom(facts), past);
        const isGone = past === 'suspect' && !exists;
        expect(ending.outcome).toBe(isGone ? 'unresolved' : 'kept');
        expect(intercom.calls).toEqual(past === 'suspect' ? ['read'] : []);
      }),
    );
  });
});
