import { countOf, countText } from '../number-text.ts';
import type { ReportFigures } from './report-figures.ts';

/** Something that a person should look into, in a sentence, and where on the page it stands. */
export interface Attention {
  readonly section: string;
  readonly says: string;
}

const dayMs = 86_400_000;
/** By then the comparison with Intercom's list should have come round. */
const oldComparisonMs = 7 * dayMs;
const longRunMs = dayMs;

/** Everything in the figures that is not as it should be, the gravest first. Empty when all is well. */
export function attentionOf(figures: ReportFigures): readonly Attention[] {
  const { outcomes, runs, reconciliations, seals, now } = figures;
  const { newest, newElsewhere } = reconciliations;
  const { askedToKeep, askedToRemove } = outcomes.metrics;
  const mismatches = askedToKeep.removed + askedToRemove.kept;
  const broken = runs.byEnd.get('failures') ?? 0;
  const refused = runs.byEnd.get('refused') ?? 0;
  const { failed, unresolved } = outcomes.byOutcome;
  const restUnsealed = seals.partlySealed.filter(({ isDue }) => isDue).length;
  const absent = newest?.counts.claimed_but_absent ?? 0;
  const found: readonly (Attention | false)[] = [
    absent > 0 && {
      section: 'reconciliation',
      says: `${countOf(absent, 'conversation is', 'conversations are')} recorded as deleted, or as deleted with the answer lost, and missing from Intercom's own list.`,
    },
    mismatches > 0 && {
      section: 'metrics',
      says: `Intercom treated the reporting metrics of ${countOf(mismatches, 'conversation')} otherwise than asked.`,
    },
    newElsewhere > 0 && {
      section: 'reconciliation',
      says: `${countOf(newElsewhere, 'conversation was', 'conversations were')} found in Intercom's list that this program did not delete.`,
    },
    seals.unsealed.length > 0 && {
      section: 'seals',
      says: `The records of ${countOf(seals.unsealed.length, 'day')} are not sealed.`,
    },
    restUnsealed > 0 && {
      section: 'seals',
      says: `${countOf(restUnsealed, 'day was', 'days were')} sealed while ${restUnsealed === 1 ? 'it' : 'they'} went on, and what came after is not sealed.`,
    },
    failed > 0 && {
      section: 'rules',
      says: `${countOf(failed, 'deletion')} failed; the conversations are still there, or were when it was tried.`,
    },
    unresolved > 0 && {
      section: 'rules',
      says: `The answer to ${countOf(unresolved, 'deletion')} was lost, and Intercom's list has not shown yet whether it took place.`,
    },
    broken > 0 && {
      section: 'runs',
      says: `${countOf(broken, 'run')} stopped before the end, since too many deletions failed.`,
    },
    refused > 0 && {
      section: 'refusals',
      says: `${countOf(refused, 'run was', 'runs were')} refused: the checks before deleting did not let it go on.`,
    },
    runs.total === 0 && now.openRun === undefined && { section: 'runs', says: 'No run began in this time.' },
    now.openRun !== undefined &&
      now.at - now.openRun.startedAt > longRunMs && {
        section: 'runs',
        says: 'A run began more than a day before this report was made and has not ended.',
      },
    now.pause !== undefined && {
      section: 'acts',
      says: `Deletion is switched off, by ${now.pause.by}.`,
    },
    ...comparisonAge(figures),
  ];
  return found.filter((each) => each !== false);
}

function comparisonAge({ span, outcomes, reconciliations, now }: ReportFigures): readonly Attention[] {
  const section = 'reconciliation';
  const readAt = reconciliations.newest?.listReadAt;
  if (readAt === undefined) {
    return outcomes.byOutcome.deleted === 0
      ? []
      : [
          {
            section,
            says: "Intercom's own list has not been read to its end yet, so not all can be confirmed.",
          },
        ];
  }
  const end = Math.min(span.until, now.at);
  if (end - readAt <= oldComparisonMs) return [];
  const days = Math.floor((end - readAt) / dayMs);
  return [
    {
      section,
      says: `Intercom's own list was last read ${countText(days)} days before the end of this time.`,
    },
  ];
}
