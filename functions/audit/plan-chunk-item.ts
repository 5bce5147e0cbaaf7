import { gunzipSync, gzipSync } from 'node:zlib';
import { brandId, type ConversationId, type PlanId, type RuleId, type WorkspaceId } from '#policy/ids.ts';
import { toIso } from '#policy/instant.ts';
import { StoreError } from '#sweep/errors.ts';
import type { PlanChunk, PlannedDeletion } from '#sweep/outcome.ts';
import { fromFactsItem, toFactsRecord } from './audit-facts.ts';
import {
  booleanOf,
  bytesOf,
  type Item,
  instantOf,
  isMap,
  mapOf,
  numberOf,
  textOf,
  withoutNulls,
} from './item.ts';
import { planChunkKey } from './keys.ts';

/** DynamoDB's bound for an item, less room for the other attributes. */
const maxDeletionsBytes = 399_000;

/**
 * The deletions are one attribute of gzipped NDJSON: about 40 bytes a conversation, so that a chunk of 150 costs no more
 * than a few write units.
 * @throws StoreError when conversations carry so many tags that the chunk does not fit into one item.
 */
export function toPlanChunkItem(chunk: PlanChunk): Item {
  const { workspaceId, planId, chunkNumber } = chunk;
  const deletions = gzipSync(chunk.deletions.map(toLine).join('\n'));
  if (deletions.byteLength > maxDeletionsBytes) {
    throw new StoreError(
      `Chunk ${chunkNumber} of the plan ${planId} takes ${deletions.byteLength} bytes and the store takes 400 KB in one item; ` +
        'some of its conversations carry hundreds of tags: remove those tags, or narrow the rule.',
      { retryable: false },
    );
  }
  return {
    ...planChunkKey(workspaceId, planId, chunkNumber),
    workspace_id: workspaceId,
    plan_id: planId,
    chunk_number: chunkNumber,
    count: chunk.deletions.length,
    deletions_ndjson_gz: deletions,
  };
}

export const fromPlanChunkItem = (item: Item): PlanChunk => ({
  workspaceId: brandId<WorkspaceId>(textOf(item, 'workspace_id')),
  planId: brandId<PlanId>(textOf(item, 'plan_id')),
  chunkNumber: numberOf(item, 'chunk_number'),
  deletions: gunzipSync(bytesOf(item, 'deletions_ndjson_gz'))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map(fromLine),
});

const toLine = (deletion: PlannedDeletion): string =>
  JSON.stringify({
    conversation_id: deletion.conversationId,
    rule_id: deletion.ruleId,
    retain_metrics: deletion.retainMetrics,
    read_at: toIso(deletion.readAt),
    facts: withoutNulls(toFactsRecord(deletion.facts)),
  });

function fromLine(line: string): PlannedDeletion {
  const value: unknown = JSON.parse(line);
  const item = isMap(value) ? value : {};
  return {
    conversationId: brandId<ConversationId>(textOf(item, 'conversation_id')),
    ruleId: brandId<RuleId>(textOf(item, 'rule_id')),
    retainMetrics: booleanOf(item, 'retain_metrics'),
    readAt: instantOf(item, 'read_at'),
    facts: fromFactsItem(mapOf(item, 'facts')),
  };
}
