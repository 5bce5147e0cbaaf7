import type { WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromMs, toIso } from '#policy/instant.ts';
import type { KeyFingerprint, SealHeader, SealId } from '#seal/seal.ts';
import { parseUtcDay } from '#seal/utc-day.ts';
import type { Item } from './item.ts';
import { sealKey } from './seal-keys.ts';

export const toSealHeaderItem = (seal: SealHeader): Item => ({
  ...sealKey(seal.workspaceId, seal.day),
  seal_id: seal.sealId,
  key_id: seal.unsigned.keyId,
  note: seal.note,
  sealed_at: toIso(seal.unsigned.sealedAt),
  record_count: seal.unsigned.recordCount,
  late_count: seal.unsigned.lateCount,
});

/**
 * Whatever the item holds, since a seal that somebody has changed must be found and named: what cannot be read is empty, and
 * an empty note is signed by nobody. Undefined when its place is no day.
 */
export function fromSealHeaderItem(workspaceId: WorkspaceId, item: Item): SealHeader | undefined {
  const day = parseUtcDay(textIn(item, 'sk'));
  if (day === undefined) return undefined;
  return {
    workspaceId,
    day,
    sealId: textIn(item, 'seal_id') as SealId, // names a list, which proves itself
    note: textIn(item, 'note'),
    unsigned: {
      keyId: textIn(item, 'key_id') as KeyFingerprint, // held against the key that signed
      sealedAt: timeIn(item, 'sealed_at'),
      recordCount: numberIn(item, 'record_count'),
      lateCount: numberIn(item, 'late_count'),
    },
  };
}

/** 1970 for what is no time of four digits of years, as this tool writes them. */
function timeIn(item: Item, name: string): Instant {
  const text = textIn(item, name);
  const ms = Date.parse(text);
  const isOurs = /^\d{4}-/.test(text) && !Number.isNaN(ms) && toIso(instantFromMs(ms)) === text;
  return instantFromMs(isOurs ? ms : 0);
}

function textIn(item: Item, name: string): string {
  const value = item[name];
  return typeof value === 'string' ? value : '';
}

function numberIn(item: Item, name: string): number {
  const value = item[name];
  return typeof value === 'number' ? value : 0;
}
