import { recordKindOf } from '#audit/record-kind.ts';
import type { TableCheck } from '#seal/check-table.ts';
import type { Finding } from '#seal/finding.ts';
import type { LateLeaf } from '#seal/late-leaves.ts';
import type { StandingItem } from '#seal/standing-item.ts';
import type { VerifiedDay } from '#seal/verify-seals.ts';
import { recordName } from './record-name.ts';
import type { Verification } from './verification.ts';

export const toVerificationDocument = (verification: Verification) => ({
  workspace_id: verification.workspaceId,
  fits: verification.fits,
  from: verification.days.at(0)?.day ?? null,
  to: verification.days.at(-1)?.day ?? null,
  records: verification.recordCount,
  unsealed_records: verification.unsealedCount,
  finding_counts: {
    ...verification.findingCounts,
    /** Null when they were not looked for. */
    unlisted: verification.table?.unlisted.length ?? null,
    misplaced: verification.table?.misplaced.length ?? null,
  },
  keys_are_trusted: verification.keysAreTrusted,
  keys: verification.signers.map(({ key, firstDay }) => ({
    fingerprint: key.fingerprint,
    algorithm: key.algorithm,
    first_day: firstDay,
    public_key_pem: key.pem,
  })),
  unsealed_days: verification.unsealedDays,
  days: verification.days.map(toDayDocument),
  whole_table: verification.table === undefined ? null : toTableDocument(verification.table),
});

const toDayDocument = ({
  day,
  header,
  seal,
  recordCount,
  unsealedCount,
  cameLate,
  findings,
}: VerifiedDay) => ({
  day,
  seal_id: header?.sealId ?? null,
  /** As sealed; null when nobody who is trusted signed. */
  sealed_records: seal?.size ?? null,
  late_records: seal?.late ?? null,
  records: recordCount,
  unsealed_records: unsealedCount,
  came_late: cameLate.map(toLateDocument),
  findings: findings.map(toFindingDocument),
});

const toLateDocument = ({ key, recordedAt, sealedWith }: LateLeaf) => ({
  kind: recordKindOf(key),
  ...key,
  recorded_at: recordedAt,
  sealed_with: sealedWith,
});

const toTableDocument = ({
  itemCount,
  unlisted,
  misplaced,
  beforeSealsCount,
  afterSealsCount,
}: TableCheck) => ({
  items: itemCount,
  before_first_sealed_day: beforeSealsCount,
  after_last_sealed_day: afterSealsCount,
  findings: [
    ...unlisted.map((item) => toItemDocument('unlisted', item)),
    ...misplaced.map((item) => toItemDocument('misplaced', item)),
  ],
});

const toItemDocument = (
  kind: 'unlisted' | 'misplaced',
  { key, kind: recordKind, recordedAt, place }: StandingItem,
) => ({
  kind,
  /** In whose journal it stands. */
  day: place.kind === 'journal' ? place.day : null,
  record: { kind: recordKind, ...key, recorded_at: recordedAt ?? null, name: recordName(key) },
});

const toFindingDocument = (finding: Finding) => ({
  kind: finding.kind,
  day: finding.day,
  record:
    'record' in finding
      ? {
          kind: recordKindOf(finding.record.key),
          ...finding.record.key,
          recorded_at: finding.record.recordedAt,
        }
      : null,
});
