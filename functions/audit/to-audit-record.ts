import { gunzipSync } from 'node:zlib';
import type { AuditRecord } from '#seal/audit-record.ts';
import { type Item, isMap } from './item.ts';
import { outcomeIndexKeys, type PrimaryKey } from './keys.ts';
import { recordKindOf } from './record-kind.ts';

/**
 * An item of the audit table as a record, whatever it holds: an item that somebody has changed must be found and named, not
 * stop who looks for it. What only repeats where the item stands in the indexes is left out; an index key that does not
 * follow from the rest of the item is a change of it, and stays.
 */
export function toAuditRecord(item: Item): AuditRecord {
  const key = { pk: textOrNothing(item['pk']), sk: textOrNothing(item['sk']) };
  return {
    kind: recordKindOf(key),
    key,
    recordedAt: textOrNothing(item['at']).slice(0, isoLength),
    document: toDocument(key, item),
  };
}

const isoLength = '2026-11-21T12:00:00.000Z'.length;

const textOrNothing = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Names that the document gives a meaning of its own. */
const reserved: ReadonlySet<string> = new Set(['kind', 'deletions', 'windows', '$own']);

function toDocument(key: PrimaryKey, item: Item): AuditRecord['document'] {
  const document: Record<string, unknown> = { kind: recordKindOf(key) };
  const own: Record<string, unknown> = {};
  const implied = impliedKeys(key, item);
  for (const [name, value] of Object.entries(item)) {
    if (name === 'at' || name === 'by_day' || implied[name] === value) continue;
    const unpacked = value instanceof Uint8Array ? unpack(name, value) : undefined;
    if (unpacked !== undefined) document[unpacked.name] = unpacked.value;
    else if (reserved.has(name)) own[name] = toJson(value);
    else document[name] = toJson(value);
  }
  return Object.keys(own).length === 0 ? document : { ...document, $own: own };
}

/** The keys of the indexes that follow from the rest of the item. */
function impliedKeys(key: PrimaryKey, item: Item): Item {
  const { rule_id: ruleId, recorded_at: recordedAt } = item;
  if (recordKindOf(key) !== 'outcome' || typeof ruleId !== 'string' || typeof recordedAt !== 'string') {
    return {};
  }
  return { ...outcomeIndexKeys(key, ruleId, recordedAt) };
}

interface Unpacked {
  readonly name: string;
  readonly value: unknown;
}

/** Far more than any record of this project; a few bytes may unpack to gigabytes. */
const maxOutputLength = 64 * 1024 * 1024;

/** Undefined when the bytes are not what this project packs under this name. */
function unpack(name: string, bytes: Uint8Array): Unpacked | undefined {
  try {
    if (name === 'windows_json_gz') return { name: 'windows', value: parse(gunzip(bytes)) };
    if (name !== 'deletions_ndjson_gz') return undefined;
    const lines = gunzip(bytes).split('\n');
    return { name: 'deletions', value: lines.filter((line) => line !== '').map(parse) };
  } catch {
    return undefined;
  }
}

const gunzip = (bytes: Uint8Array): string => gunzipSync(bytes, { maxOutputLength }).toString();

/** Half a character has no canonical form, and nothing of this project writes one. */
const halfCharacter = /\\ud[89a-f]/i;

function parse(json: string): unknown {
  if (halfCharacter.test(json)) throw new SyntaxError('Half a character.');
  return JSON.parse(json);
}

/** What JSON has no form for gets one that no record of this project has. */
function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (value instanceof Set) return { $set: [...value].map(toJson) };
  if (typeof value === 'bigint') return { $number: String(value) };
  if (Array.isArray(value)) return value.map(toJson);
  if (isMap(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, toJson(each)]));
  }
  return value;
}
