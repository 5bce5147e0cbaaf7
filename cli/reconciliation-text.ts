import type { ConversationId } from '#policy/ids.ts';
import {
  type Absence,
  type ReconcileClass,
  type Reconciliation,
  reconcileClasses,
} from '#sweep/reconcile-record.ts';
import { countOf, countText, timeText } from './number-text.ts';
import { renderTable } from './table.ts';

const classNames: Readonly<Record<ReconcileClass, string>> = {
  confirmed: 'confirmed',
  flag_mismatch: 'flag mismatch',
  deleted_elsewhere: 'deleted elsewhere',
  before_audit: 'before the audit',
  claimed_but_absent: 'claimed but absent',
};

/** What each class means, and what to do about it. */
const classSentences: Readonly<Record<ReconcileClass, string>> = {
  confirmed:
    'A run of yours deleted it, and the reporting metrics are as the run asked for; there is nothing to do.',
  flag_mismatch:
    'A run of yours deleted it, but the reporting metrics are not as the run asked for; list them with "retention audit query --retain-metrics false --metrics-retained true" (or with both flags turned round), and ask Intercom to put it right.',
  deleted_elsewhere:
    'None of your runs can have deleted it: another app did, or a person; ask who, if nobody else should.',
  before_audit:
    'It was deleted before this audit began, so none of your runs could know of it; there is nothing to do, unless an older audit should have been there.',
  claimed_but_absent:
    'A run of yours says that it deleted it, or that the answer was lost, and Intercom\'s list does not name it; see "retention status" of each, look for it in Intercom, and ask Intercom if it is gone.',
};

/** What a reconciliation found, with a sentence for each class that there is. */
export function reconciliationText(reconciliation: Reconciliation, absences: readonly Absence[]): string {
  const { counts, change, newElsewhere, examples, pages, apiCalls, listTotal, auditBeganAt } = reconciliation;
  const total = listTotal === undefined ? '' : `${countOf(listTotal, 'entry', 'entries')}, `;
  const began = auditBeganAt === undefined ? '' : ` This audit began ${timeText(auditBeganAt)}.`;
  const absentIds = absences.map(({ conversationId }) => conversationId);
  const explained = reconcileClasses
    .filter((each) => counts[each] > 0)
    .map((each) => `${classNames[each]}: ${classSentences[each]}`);
  return [
    `${listHeading(reconciliation)}: ${total}${countOf(pages, 'page')} read, ${countOf(apiCalls, 'API call')}.${began}`,
    classTable(reconciliation),
    ...(explained.length === 0 ? [] : [explained.join('\n')]),
    ...[
      idsText('New flag mismatches', examples.flag_mismatch, change.flag_mismatch),
      idsText('New deletions elsewhere', examples.deleted_elsewhere, newElsewhere),
      idsText('Absent', absentIds, counts.claimed_but_absent),
    ].filter((text) => text !== ''),
  ].join('\n\n');
}

export const listHeading = ({ listReadAt }: Reconciliation): string =>
  listReadAt === undefined
    ? "Intercom's list of deleted conversations, not read to its end yet"
    : `Intercom's list of deleted conversations as of ${timeText(listReadAt)}`;

export const classTable = ({ counts, change }: Reconciliation): string =>
  renderTable(
    [{ name: 'class' }, { name: 'all', align: 'right' }, { name: 'new', align: 'right' }],
    reconcileClasses.map((each) => [classNames[each], countText(counts[each]), countText(change[each])]),
  );

function idsText(name: string, ids: readonly ConversationId[], all: number): string {
  if (ids.length === 0) return '';
  const more = all > ids.length ? ` and ${countText(all - ids.length)} more` : '';
  return `${name}: ${ids.join(', ')}${more}.`;
}
