import type { RecordPosition } from './audit-record.ts';
import type { UtcDay } from './utc-day.ts';

/**
 * `removed`: a sealed record is not there any more. `added`: a record is in no seal. `altered`: a sealed record is not what
 * was sealed. `reordered`: it is not in its place in the journal.
 */
type RecordFindingKind = 'removed' | 'added' | 'altered' | 'reordered';

/**
 * `seal_missing`: a day without its seal. `chain_broken`: a seal does not follow the one before it. `signature_wrong`: no key
 * that is trusted signed this seal of this day. `header_altered`: what stands unsigned beside the signed note contradicts it.
 * `leaf_list_altered`: the list beside a seal is not the one that was sealed.
 */
export type SealFindingKind =
  | 'seal_missing'
  | 'chain_broken'
  | 'signature_wrong'
  | 'header_altered'
  | 'leaf_list_altered';

/** `record`: its place in the journal, as sealed; of one that is in no seal there, as it stands. */
export interface RecordFinding {
  readonly kind: RecordFindingKind;
  readonly day: UtcDay;
  readonly record: RecordPosition;
}

interface SealFinding {
  readonly kind: SealFindingKind;
  readonly day: UtcDay;
}

/** What does not fit. */
export type Finding = RecordFinding | SealFinding;
