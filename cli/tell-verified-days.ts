import type { VerifiedDay } from '#seal/verify-seals.ts';
import { isDayAfter } from './days-on-end.ts';
import type { Output } from './output.ts';
import { unsealedDaysText, verifiedDayText } from './verification-text.ts';

/** Says of each day what does not fit, as the verification comes to it. */
export interface VerifiedDaysTeller {
  tell(day: VerifiedDay): void;
  /** After the last. */
  end(): void;
}

/** Days on end of which nothing but the seal is missing are told together, once they have ended. */
export function tellVerifiedDays(output: Pick<Output, 'say'>): VerifiedDaysTeller {
  let unsealed: { readonly first: VerifiedDay; last: VerifiedDay; count: number } | undefined;
  const end = (): void => {
    if (unsealed === undefined) return;
    const { first, last, count } = unsealed;
    output.say(count === 1 ? verifiedDayText(first) : unsealedDaysText(first.day, last.day, count));
    unsealed = undefined;
  };
  return {
    tell(day) {
      if (lacksItsSealAlone(day) && unsealed !== undefined && isDayAfter(day.day, unsealed.last.day)) {
        unsealed.last = day;
        unsealed.count += 1;
        return;
      }
      end();
      if (lacksItsSealAlone(day)) unsealed = { first: day, last: day, count: 1 };
      else if (day.findings.length > 0) output.say(verifiedDayText(day));
    },
    end,
  };
}

const lacksItsSealAlone = ({ findings }: VerifiedDay): boolean =>
  findings.length === 1 && findings[0]?.kind === 'seal_missing';
