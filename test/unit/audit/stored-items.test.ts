import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fromOutcomeItem, toOutcomeItem } from '#audit/outcome-item.ts';
import { fromPlanChunkItem, toPlanChunkItem } from '#audit/plan-chunk-item.ts';
import { brandId, type PlanId, type TagId } from '#policy/ids.ts';
import { aDeletion, aFactsRecord, anOutcome, workspaceId } from '#support/audit-builders.ts';
import { StoreError } from '#sweep/errors.ts';
import { maxDeletionsPerChunk } from '#sweep/outcome.ts';

describe('toOutcomeItem', () => {
  it('has the keys of the table and of the three indexes, and leaves out what is null', () => {
    const outcome = anOutcome({ reason: null, facts: aFactsRecord({ teamId: undefined }) });
    const item = toOutcomeItem(outcome);
    expect(item).toMatchObject({
      pk: 'WS#a86dr8yl#CONV#215470000000001',
      sk: `OUTCOME#${outcome.runId}`,
      by_day: 'WS#a86dr8yl#DAY#2026-11-21#0',
      by_rule: 'WS#a86dr8yl#RULE#closed-two-years#2026-11',
      by_run: `WS#a86dr8yl#RUN#${outcome.runId}`,
      at: '2026-11-21T12:00:00.000Z#215470000000001',
      recorded_at: '2026-11-21T12:00:00.000Z',
      conversation_id: '215470000000001',
    });
    expect(item).not.toHaveProperty('reason');
    expect(item).not.toHaveProperty('metrics_retained');
    expect(item['facts']).not.toHaveProperty('team_id');
  });
});

describe('fromOutcomeItem', () => {
  const item = toOutcomeItem(anOutcome());

  it.each([
    ['outcome', 'vanished'],
    ['retain_metrics', 'yes'],
    ['recorded_at', 'yesterday'],
    ['http_status', '200'],
    ['facts', []],
    ['run_id', undefined],
    ['rule_id', null],
  ])('refuses an item whose %s is %j, naming both', (name, value) => {
    const read = () => fromOutcomeItem({ ...item, [name]: value });
    expect(read).toThrow(StoreError);
    expect(read).toThrow(`The attribute ${name} of the item WS#a86dr8yl#CONV#215470000000001 / OUTCOME#`);
  });
});

describe('toPlanChunkItem', () => {
  const planId = brandId<PlanId>('p');
  const chunkWithTags = (tagsEach: number) => ({
    workspaceId,
    planId,
    chunkNumber: 3,
    deletions: Array.from({ length: maxDeletionsPerChunk }, (_, number) =>
      aDeletion(number, { facts: aFactsRecord({ tagIds: randomTags(number, tagsEach) }) }),
    ),
  });
  /** As hard to pack as ids can be. */
  const randomTags = (seed: number, count: number): TagId[] =>
    Array.from({ length: count }, (_, number) =>
      brandId(String(createHash('sha256').update(`${seed}/${number}`).digest().readUInt32BE(0))),
    );

  it('takes 150 conversations with hundreds of tags each', () => {
    const chunk = chunkWithTags(400);
    expect(fromPlanChunkItem(toPlanChunkItem(chunk))).toEqual(chunk);
  });

  it('says so when thousands of tags make a chunk larger than an item can be', () => {
    expect(() => toPlanChunkItem(chunkWithTags(2_000))).toThrow(StoreError);
    expect(() => toPlanChunkItem(chunkWithTags(2_000))).toThrow(
      /^Chunk 3 of the plan p takes \d+ bytes and the store takes 400 KB in one item; some of its conversations/,
    );
  });
});
