import type { ConversationId } from '#policy/ids.ts';
import type { DeletedEntry, DeletedPage } from '#sweep/ports.ts';
import { DecodeError } from './decode-error.ts';
import { asArray, asBoolean, asCount, asId, asObject, asTime } from './wire-value.ts';

/**
 * A page of `GET /conversations/deleted`. Its `pages.next` is a URL, of which only counts that there is one.
 * @throws DecodeError also for a single unreadable entry: passing over it would make a deletion look unconfirmed.
 */
export function decodeDeletedPage(wire: unknown): DeletedPage {
  const page = asObject(wire);
  const items = asArray(page?.['conversations']);
  if (page === undefined || items === undefined) throw new DecodeError('conversations', 'a list');
  const next = asObject(page['pages'])?.['next'];
  return {
    entries: items.map(decodeEntry),
    total: asCount(page['total_count']),
    hasNext: next !== undefined && next !== null && next !== '',
  };
}

function decodeEntry(wire: unknown, index: number): DeletedEntry {
  const path = `conversations[${index}]`;
  const entry = asObject(wire);
  const conversationId = asId<ConversationId>(entry?.['id']);
  if (conversationId === undefined) throw new DecodeError(`${path}.id`, 'an id');
  const deletedAt = asTime(entry?.['deleted_at']);
  if (deletedAt === undefined) throw new DecodeError(`${path}.deleted_at`, 'a time in UNIX seconds');
  const metricsRetained = asBoolean(entry?.['metrics_retained']);
  if (metricsRetained === undefined) throw new DecodeError(`${path}.metrics_retained`, 'true or false');
  return { conversationId, deletedAt, metricsRetained };
}
