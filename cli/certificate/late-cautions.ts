import type { CertifiedRole, Claims, WholeClaims } from './certificate.ts';
import { dayWords } from './moment-words.ts';

/** What must be said of records that are not in the seal of their own day, in sentences. */
export interface LateCautions {
  /** Of an approval that no seal shows to have been there before the deletion; undefined when there is none such. */
  readonly warning: string | undefined;
  /** Of all others; undefined when there are none. */
  readonly note: string | undefined;
}

/** A seal says that a record was there when the seal was made. Whoever can write to the audit can date a record back until then. */
export function lateCautions({ sealed_late: late = [], intended_at: intendedAt }: Claims): LateCautions {
  const dayOfIntent = intendedAt.slice(0, 'yyyy-mm-dd'.length);
  const isUnseen = ({ role, seal_day: sealDay }: LateRecord): boolean =>
    role === 'approval' && sealDay >= dayOfIntent;
  const approval = late.find(isUnseen);
  const others = late.filter((each) => !isUnseen(each));
  return {
    warning:
      approval &&
      `The approval is dated ${dayWords(approval.recorded_on)}, but is only in the seal of ${dayWords(approval.seal_day)}, and the deletion began on ${dayWords(dayOfIntent)}. It may have been written after the deletion and dated back: this certificate carries no approval that a seal shows to be older than the deletion.`,
    note:
      others.length === 0
        ? undefined
        : `Sealed later than with the day of its date: ${others.map(lateText).join('; ')}. A record that is sealed late may have been written late and dated back.`,
  };
}

type LateRecord = WholeClaims['sealed_late'][number];

const lateText = ({ role, recorded_on: recordedOn, seal_day: sealDay }: LateRecord): string =>
  `the ${roleWords[role]} of ${dayWords(recordedOn)}, in the seal of ${dayWords(sealDay)}`;

const roleWords: Readonly<Record<CertifiedRole, string>> = {
  approval: 'approval',
  plan: 'plan',
  plan_chunk: 'planned deletion',
  intent: 'intent',
  outcome: 'outcome',
  confirmation: 'confirmation',
};
