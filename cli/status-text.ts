import { toOutcomeRecord } from '#audit/outcome-record.ts';
import { toIso } from '#policy/instant.ts';
import type { Hold } from '#sweep/hold.ts';
import type { Confirmation, OutcomeKind, QueriedOutcome } from '#sweep/outcome.ts';
import type { ConversationStatus, Planned } from './conversation-status.ts';
import { toHoldDocument } from './hold-document.ts';
import { countOf, timeText } from './number-text.ts';
import type { Output } from './output.ts';
import { metricsWord } from './plan-text.ts';

const headings: Readonly<Record<ConversationStatus['knownAs'], string>> = {
  deleted: 'deleted',
  deleted_elsewhere: 'deleted, but not by a run of yours',
  before_audit: 'deleted before this audit began',
  not_found: 'not found when it was to be deleted',
  unresolved: 'unresolved: the answer to its deletion was lost',
  failed: 'not deleted: Intercom refused',
  kept: 'kept',
  held: 'under a legal hold',
  planned: 'planned for deletion',
  never_seen: 'never seen',
};

/** A conversation's story, for a person. */
export function statusText(output: Output, status: ConversationStatus): string {
  const { conversationId, knownAs, outcomes, confirmation, holds, holdsOnPeople, planned } = status;
  const lines = [
    output.style('bold', `Conversation ${conversationId}: ${headings[knownAs]}.`),
    ...outcomes.map(outcomeLine),
    ...(isByOthers(knownAs) && confirmation !== undefined ? [elsewhereLine(confirmation)] : []),
    ...holds.map(holdLine),
  ];
  if (planned !== undefined) lines.push(plannedLine(planned, holds));
  if (knownAs === 'never_seen') {
    lines.push(
      'No run has touched it and no plan that waits would delete it; "retention policy explain" judges it.',
    );
  }
  if (holdsOnPeople > 0 && !isGone(knownAs)) {
    lines.push(
      `There ${holdsOnPeople === 1 ? 'is' : 'are'} also ${countOf(holdsOnPeople, 'hold')} on contacts or companies, which may be on it too.`,
    );
  }
  return lines.join('\n');
}

const isByOthers = (knownAs: ConversationStatus['knownAs']): boolean =>
  knownAs === 'deleted_elsewhere' || knownAs === 'before_audit';

const isGone = (knownAs: ConversationStatus['knownAs']): boolean =>
  knownAs === 'deleted' || isByOthers(knownAs) || knownAs === 'unresolved' || knownAs === 'not_found';

const outcomeVerbs: Readonly<Record<OutcomeKind, string>> = {
  deleted: 'Deleted',
  not_found: 'Not found (404)',
  unresolved: 'Unresolved',
  failed: 'Refused by Intercom',
  kept: 'Kept',
};

function outcomeLine({ outcome, confirmation }: QueriedOutcome): string {
  const { reason, ruleId, runId, retainMetrics } = outcome;
  const at = confirmation?.deletedAt ?? outcome.deletedAt ?? outcome.attemptedAt ?? outcome.recordedAt;
  const why = reason === null ? '' : ` (${reason})`;
  const metrics = outcome.outcome === 'kept' ? '' : `, metrics ${metricsWord(retainMetrics)}`;
  const confirmed =
    confirmation === undefined
      ? ''
      : `, confirmed by Intercom: metrics ${metricsWord(confirmation.metricsRetained)}`;
  return `  ${outcomeVerbs[outcome.outcome]} ${timeText(at)}${why}, rule ${ruleId}, run ${runId}${metrics}${confirmed}.`;
}

const elsewhereLine = ({ deletedAt, metricsRetained }: Confirmation): string =>
  `  Deleted ${timeText(deletedAt)}, as Intercom lists it: metrics ${metricsWord(metricsRetained)}.`;

const holdLine = ({ target, targetId, matter, owner, placedAt }: Hold): string =>
  `  Held since ${timeText(placedAt)} for "${matter}", by ${owner}${target === 'conversation' ? '' : ` (${target} ${targetId})`}.`;

function plannedLine({ plan, deletion }: Planned, holds: readonly Hold[]): string {
  const but = holds.length === 0 ? '' : '; the hold will keep it';
  return `  Planned ${timeText(plan.asOf)} by the rule ${deletion.ruleId}, metrics ${metricsWord(deletion.retainMetrics)}, plan ${plan.planId}${but}.`;
}

const toConfirmationDocument = ({ deletedAt, metricsRetained, confirmedAt }: Confirmation) => ({
  deleted_at: toIso(deletedAt),
  metrics_retained: metricsRetained,
  confirmed_at: toIso(confirmedAt),
});

/** The same for `--json`. */
export const toStatusDocument = (status: ConversationStatus) => ({
  workspace_id: status.workspaceId,
  conversation_id: status.conversationId,
  known_as: status.knownAs,
  outcomes: status.outcomes.map(toOutcomeRecord),
  confirmation: status.confirmation === undefined ? null : toConfirmationDocument(status.confirmation),
  holds: status.holds.map(toHoldDocument),
  holds_on_people: status.holdsOnPeople,
  planned:
    status.planned === undefined
      ? null
      : {
          plan_id: status.planned.plan.planId,
          as_of: toIso(status.planned.plan.asOf),
          rule_id: status.planned.deletion.ruleId,
          retain_metrics: status.planned.deletion.retainMetrics,
        },
});
