import type { WorkspaceId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import type { RecordKey } from './audit-record.ts';
import type { UtcDay } from './utc-day.ts';

declare const brand: unique symbol;

/** Made by the one attempt to seal a day. Sorts by time of making (UUID version 7). */
export type SealId = string & { readonly [brand]: 'SealId' };

/** SHA-256 of a public key (DER, SubjectPublicKeyInfo) in lower-case hex. */
export type KeyFingerprint = string & { readonly [brand]: 'KeyFingerprint' };

/** What a seal says: the signed part of it. */
export interface Seal {
  readonly workspaceId: WorkspaceId;
  readonly day: UtcDay;
  /** Records, late ones included. */
  readonly size: number;
  /** Of these, records of earlier days that were in no seal yet. They come first. */
  readonly late: number;
  /** RFC 6962, 32 bytes: the root of the tree of the leaf hashes in their order. */
  readonly root: Uint8Array;
  /** 32 bytes: the digest of the leaf list, names and times included. See `startLeafListDigest`. */
  readonly leafList: Uint8Array;
  /** SHA-256 of the note of the seal before; undefined in the first seal of a workspace. */
  readonly previous: Uint8Array | undefined;
  /** Of a day that was not over: its records from this instant on go into the next seal. Undefined when the whole day is sealed. */
  readonly until?: Instant | undefined;
}

/** A seal as it is stored. */
export interface SealHeader {
  readonly workspaceId: WorkspaceId;
  readonly day: UtcDay;
  /** Names the leaf list, which proves itself. */
  readonly sealId: SealId;
  /** The signed note: the seal's text, an empty line, and the signature. All that counts is in it: `openSeal`, `sealIn`. */
  readonly note: string;
  readonly unsigned: UnsignedHeader;
}

/**
 * What stands beside the note for whoever looks into the store. Nobody signed it, so no reader goes by it: only who has just sealed
 * knows that it is true.
 */
interface UnsignedHeader {
  /** The key that signed. */
  readonly keyId: KeyFingerprint;
  readonly sealedAt: Instant;
  /** Records, late ones included. */
  readonly recordCount: number;
  /** Of these, records of earlier days. */
  readonly lateCount: number;
}

/** One record in the list of what a seal seals. */
export interface Leaf {
  readonly key: RecordKey;
  /** Its place in the order; its day is the record's own day, which is an earlier one when the record was late. */
  readonly recordedAt: string;
  /** 32 bytes; see `leafHash`. */
  readonly hash: Uint8Array;
}

export interface PublishedKey {
  readonly keyId: KeyFingerprint;
  /** SubjectPublicKeyInfo. */
  readonly pem: string;
}
