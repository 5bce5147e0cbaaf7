import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromIso } from '#policy/instant.ts';
import type { AuditRecord } from '#seal/audit-record.ts';
import type { Finding } from '#seal/finding.ts';
import type { SealHeader } from '#seal/seal.ts';
import type { SealDeps } from '#seal/seal-day.ts';
import { type SealRequest, sealDays } from '#seal/seal-days.ts';
import type { SealSource, SealStore } from '#seal/seal-store.ts';
import type { Signer } from '#seal/signing-key.ts';
import { type VerifyRequest, verifySeals } from '#seal/verify-seals.ts';
import { collect } from './collect.ts';
import { aSigner } from './key-signer.ts';

export const sealedWorkspace = brandId<WorkspaceId>('a86dr8yl');

export const theSigner: Signer = aSigner();

/** The day is the first, counted from 0, of 2026-11-10 onwards. */
export const timeOf = (day: number, ms: number): string =>
  new Date(Date.UTC(2026, 10, 10 + day) + ms).toISOString();

/** Everything is sealed at this time whose day is one of the first `days`. */
export const afterDays = (days: number): Instant => instantFromIso(timeOf(days, 3_600_000));

/** A record as the audit has them, of which nothing but the number is known. */
export const aRecord = (number: number, recordedAt: string): AuditRecord => {
  const pk = `WS#a86dr8yl#CONV#${215_470_000_000_000 + number}`;
  const sk = number % 3 === 0 ? 'CONFIRMATION' : `OUTCOME#run-${number % 5}`;
  const kind = number % 3 === 0 ? 'confirmation' : 'outcome';
  return {
    kind,
    key: { pk, sk },
    recordedAt,
    document: { pk, sk, kind, recorded_at: recordedAt, number, outcome: 'deleted' },
  };
};

let ids = 0;

const sealDeps = (store: SealStore, now: Instant, signer: Signer = theSigner): SealDeps => ({
  store,
  signer,
  clock: { now: () => now },
  newId: () => `seal-${String(ids++).padStart(6, '0')}`,
});

export const seal = (
  store: SealStore,
  now: Instant,
  { signer, ...request }: Partial<SealRequest> & { readonly signer?: Signer } = {},
): Promise<SealHeader[]> =>
  collect(
    sealDays(sealDeps(store, now, signer), {
      workspaceId: sealedWorkspace,
      settlingDelayMs: 3_600_000,
      lookBackDays: 3,
      otherKey: 'refuse',
      ...request,
    }),
  );

/** In words: `altered 2026-11-10 WS#… / OUTCOME#…`. */
export async function findingsOf(
  source: SealSource,
  request: Partial<VerifyRequest> = {},
): Promise<string[]> {
  const days = await collect(verifySeals(source, { workspaceId: sealedWorkspace, ...request }));
  return days.flatMap(({ findings }) => findings).map(findingText);
}

const findingText = (finding: Finding): string =>
  'record' in finding
    ? `${finding.kind} ${finding.day} ${finding.record.key.pk} / ${finding.record.key.sk}`
    : `${finding.kind} ${finding.day}`;
