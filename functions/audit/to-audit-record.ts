import { gunzipSync } from 'node:zlib';
import type { AuditRecord } from '#seal/audit-record.ts';
import { type Item, isMap } from './item.ts';
import { journalKeys, outcomeIndexKeys, type PrimaryKey } from './keys.ts';
import { recordKindOf } from './record-kind.ts';

/**
 * An item of the audit table as a record, whatever it holds: an item that somebody has changed must be found and named, not
 * stop who looks for it. What only repeats where the item stands in the indexes is left out; an index key that does not
 * follow from the rest of the item is a change of it, and stays, and so does the want of one by which the item is found.
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
const reserved: ReadonlySet<string> = new Set([
  'kind',
  'deletions',
  'windows',
  'missing_index_keys',
  '$own',
  '$proto',
  '__proto__',
]);

function toDocument(key: PrimaryKey, item: Item): AuditRecord['document'] {
  const kind = recordKindOf(key);
  const document: Record<string, unknown> = { kind };
  const own: [string, unknown][] = [];
  const implied = impliedKeys(key, item);
  for (const [name, value] of Object.entries(item)) {
    if (implied[name] === value) continue;
    const unpacked = value instanceof Uint8Array ? unpack(name, value) : undefined;
    if (unpacked !== undefined) document[unpacked.name] = unpacked.value;
    else if (reserved.has(name)) own.push([name, toJson(value)]);
    else document[name] = toJson(value);
  }
  const missing = ['by_rule', 'by_run'].filter((name) => name in implied && !Object.hasOwn(item, name));
  return {
    ...document,
    ...(missing.length === 0 ? {} : { missing_index_keys: missing }),
    ...(own.length === 0 ? {} : { $own: Object.fromEntries(own) }),
    ...prototypeOf(item),
  };
}

/**
 * The keys of the indexes that follow from the rest of the item. An item that lost its place in the journal is missed there by
 * who looks for it; that it is not in the lists by rule and run as well shows in the document alone.
 */
function impliedKeys(key: PrimaryKey, item: Item): Item {
  const { rule_id: ruleId, recorded_at: recordedAt } = item;
  if (typeof recordedAt !== 'string') return {};
  const journal = journalKeys(key, recordedAt);
  if (recordKindOf(key) !== 'outcome' || typeof ruleId !== 'string') return journal;
  return { ...journal, ...outcomeIndexKeys(key, ruleId, recordedAt) };
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
    const entries = Object.entries(value).map(([name, each]) => [name, toJson(each)]);
    return { ...Object.fromEntries(entries), ...prototypeOf(value) };
  }
  return value;
}

/** An attribute named `__proto__` becomes the prototype of the map that it is in: whoever reads the map reads it, too. */
function prototypeOf(map: Item): { readonly $proto?: unknown } {
  const prototype: unknown = Object.getPrototypeOf(map);
  return prototype === Object.prototype || prototype === null ? {} : { $proto: toJson(prototype) };
}
