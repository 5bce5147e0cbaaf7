import { toCanonicalJson } from '#policy/policy-hash.ts';
import { sha256 } from './sha256.ts';

export const recordKinds = [
  'plan',
  'plan_chunk',
  'run_started',
  'intent',
  'outcome',
  'confirmation',
  'reconciliation',
  'summary',
  'act',
  'unknown',
] as const;
/** What a record of the audit is, by its key. `unknown`: nothing that this project writes has such a key. */
export type RecordKind = (typeof recordKinds)[number];

/** Where a record stands in the audit table. No two records have the same. */
export interface RecordKey {
  readonly pk: string;
  readonly sk: string;
}

/** One record of the audit, as it is sealed, exported and shown to an auditor. */
export interface AuditRecord {
  readonly kind: RecordKind;
  readonly key: RecordKey;
  /**
   * ISO 8601 in UTC, to the millisecond: the record's place in the journal of its day. Kept as the text that is stored, within the day
   * in whose journal it stands.
   */
  readonly recordedAt: string;
  /** Plain JSON: everything that is stored of it, packed parts unpacked, with `pk`, `sk` and `kind`. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** RFC 8785: the one text that stands for this record. Its UTF-8 bytes are what is hashed. */
export const canonicalRecord = ({ document }: Pick<AuditRecord, 'document'>): string =>
  toCanonicalJson(document);

/** RFC 6962, section 2.1: SHA-256 of a zero byte and the canonical text. 32 bytes. */
export const leafHash = (record: Pick<AuditRecord, 'document'>): Uint8Array =>
  sha256(`\0${canonicalRecord(record)}`);

/** A place in the order of a day. */
export type RecordPosition = Pick<AuditRecord, 'key' | 'recordedAt'>;

/** The order of a day: by time, then `pk`, then `sk`, each by its code units. Below zero when `one` comes first. */
export const compareRecords = (one: RecordPosition, other: RecordPosition): number =>
  compareTexts(one.recordedAt, other.recordedAt) ||
  compareTexts(one.key.pk, other.key.pk) ||
  compareTexts(one.key.sk, other.key.sk);

/** As text, so that it can be looked up. */
export const keyText = ({ pk, sk }: RecordKey): string => `${pk} / ${sk}`;

const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
