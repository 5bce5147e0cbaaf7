import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { brandId, type PolicyHash } from './ids.ts';

/** @param canonicalJson See `toCanonicalJson`. */
export function policyHash(canonicalJson: string): PolicyHash {
  return brandId(createHash('sha256').update(canonicalJson, 'utf8').digest('hex'));
}

/** RFC 8785: one text for each JSON value. */
export function toCanonicalJson(value: unknown): string {
  const json = canonicalize(value);
  if (json === undefined) throw new TypeError('Only JSON values have a canonical form.');
  return json;
}
