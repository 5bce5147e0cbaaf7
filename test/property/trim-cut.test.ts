import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandId, type ConversationId, type PlanId, type RuleId, type WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import { factsOf, testNow } from '#support/facts.ts';
import type { PlanChunk, PlannedDeletion } from '#sweep/outcome.ts';
import { toAuditFacts } from '#sweep/plan-draft.ts';
import type { AuditTrail } from '#sweep/ports.ts';
import { findTrimCut, isWithinCut } from '#sweep/trim-cut.ts';

const deletion = (id: number, updatedAt: Instant): PlannedDeletion => ({
  conversationId: brandId<ConversationId>(String(id)),
  ruleId: brandId<RuleId>('old'),
  retainMetrics: true,
  readAt: testNow,
  facts: toAuditFacts(factsOf({ updatedAt })),
});

/** Few different times, so that many deletions share one and the id has to decide. */
const plans = fc
  .uniqueArray(fc.integer({ min: 1, max: 9999 }), { maxLength: 60 })
  .chain((ids) =>
    fc.tuple(
      fc.tuple(...ids.map((id) => fc.nat(8).map((hour) => deletion(id, instantFromMs(hour * 3_600_000))))),
      fc.integer({ min: 1, max: 9 }),
    ),
  );

const workspaceId = brandId<WorkspaceId>('ws');
const planId = brandId<PlanId>('plan');

function storedInChunks(deletions: readonly PlannedDeletion[], size: number): Pick<AuditTrail, 'planChunks'> {
  return {
    async *planChunks() {
      for (let at = 0; at < deletions.length; at += size) {
        const chunk: PlanChunk = {
          workspaceId,
          planId,
          chunkNumber: at / size,
          deletions: deletions.slice(at, at + size),
        };
        yield chunk;
      }
    },
  };
}

describe('findTrimCut', () => {
  it('leaves exactly as many deletions as asked for, and none of them is newer than one that is left out', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.nat(70), async ([deletions, chunkSize], count) => {
        const audit = storedInChunks(deletions, chunkSize);
        const cut = await findTrimCut(audit, { workspaceId, planId }, count);
        const within = cut === undefined ? [] : deletions.filter((planned) => isWithinCut(planned, cut));
        expect(within).toHaveLength(Math.min(count, deletions.length));
        const newestWithin = Math.max(...within.map(({ facts }) => facts.updatedAt ?? 0));
        for (const left of deletions.filter((planned) => !within.includes(planned))) {
          if (within.length > 0) expect(left.facts.updatedAt).toBeGreaterThanOrEqual(newestWithin);
        }
      }),
    );
  });
});
