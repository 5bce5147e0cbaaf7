import { hash } from 'node:crypto';

/** 32 bytes. By way of a text, since a buffer of its own for each of millions of hashes costs a third more. */
export const sha256 = (data: string | Uint8Array): Uint8Array =>
  Buffer.from(hash('sha256', data, 'binary'), 'binary');
