import { type Instant, toIso } from '#policy/instant.ts';
import type { RecordPosition } from './audit-record.ts';

/** Whether a record came when its day had been sealed as it stood, at `until`; never where the whole day was sealed. */
export const isAfter = (
  { recordedAt }: Pick<RecordPosition, 'recordedAt'>,
  until: Instant | undefined,
): boolean => until !== undefined && recordedAt >= toIso(until);
