import type { WorkspaceId } from '#policy/ids.ts';
import { instantFromMs, toIso } from '#policy/instant.ts';
import type { KeyFingerprint, SealHeader, SealId } from '#seal/seal.ts';
import { parseUtcDay } from '#seal/utc-day.ts';
import type { Item } from './item.ts';
import { sealKey } from './seal-keys.ts';

export const toSealHeaderItem = (seal: SealHeader): Item => ({
  ...sealKey(seal.workspaceId, seal.day),
  seal_id: seal.sealId,
  key_id: seal.keyId,
  note: seal.note,
  sealed_at: toIso(seal.sealedAt),
  record_count: seal.recordCount,
  late_count: seal.lateCount,
});

/**
 * Whatever the item holds, since a seal that somebody has changed must be found and named: what cannot be read is empty, and
 * an empty note is signed by nobody. Undefined when its place is no day.
 */
export function fromSealHeaderItem(workspaceId: WorkspaceId, item: Item): SealHeader | undefined {
  const day = parseUtcDay(textIn(item, 'sk'));
  if (day === undefined) return undefined;
  const sealedAt = Date.parse(textIn(item, 'sealed_at'));
  return {
    workspaceId,
    day,
    sealId: textIn(item, 'seal_id') as SealId, // names a list, which proves itself
    keyId: textIn(item, 'key_id') as KeyFingerprint, // names a key, with which the note proves itself
    note: textIn(item, 'note'),
    sealedAt: instantFromMs(Number.isNaN(sealedAt) ? 0 : sealedAt),
    recordCount: numberIn(item, 'record_count'),
    lateCount: numberIn(item, 'late_count'),
  };
}

function textIn(item: Item, name: string): string {
  const value = item[name];
  return typeof value === 'string' ? value : '';
}

function numberIn(item: Item, name: string): number {
  const value = item[name];
  return typeof value === 'number' ? value : 0;
}
