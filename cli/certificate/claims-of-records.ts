import type { CertificateLayout, CertifiedRecord, Claims, WholeClaims } from './certificate.ts';
import { type ClaimsResult, claimsOf } from './certificate-claims.ts';

/** A record, and in which seal it is. */
export type SealedRecord = Pick<CertifiedRecord, 'role' | 'document' | 'recorded_at' | 'seal_day'>;

/**
 * What a certificate of this layout claims, worked out from its records and from when they were sealed. The first layout has no
 * words for what was sealed late, so that there is none of such records: it would hide what a reader must know.
 */
export function claimsOfRecords(
  layout: CertificateLayout,
  records: readonly SealedRecord[],
): ClaimsResult<Claims> {
  const worked = claimsOf(Object.fromEntries(records.map(({ role, document }) => [role, document])));
  if (!worked.ok) return worked;
  const late = sealedLate(records);
  if (layout !== 'intercom-retention/certificate/1') {
    return { ok: true, claims: { ...worked.claims, sealed_late: late } };
  }
  const [first] = late;
  if (first !== undefined) {
    return {
      ok: false,
      problem: `The ${first.role.replace('_', ' ')} was sealed later than with its own day, which a certificate of this layout does not show; ask for a new one.`,
    };
  }
  const { names: _, ...claims } = worked.claims;
  return { ok: true, claims };
}

const sealedLate = (records: readonly SealedRecord[]): WholeClaims['sealed_late'] =>
  records
    .map(({ role, recorded_at: at, seal_day }) => ({
      role,
      recorded_on: at.slice(0, 'yyyy-mm-dd'.length),
      seal_day,
    }))
    .filter(({ recorded_on, seal_day }) => seal_day > recorded_on);
