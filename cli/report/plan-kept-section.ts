import type { KeptConversation } from '#sweep/kept-conversation.ts';
import type { PlannedErasure, PlanRecord } from '#sweep/run-record.ts';
import { type Html, html } from '../html.ts';
import { countColumn } from './count-column.ts';
import { dataTable } from './data-table.ts';

type KeptCode = keyof PlanRecord['keptBy'];

const reasons: Readonly<Record<KeptCode, { readonly name: string; readonly means: string }>> = {
  protected: {
    name: 'Protected',
    means:
      'A rule matches, and the policy protects the conversation: it is too young, open, a ticket, or carries a protected tag or team.',
  },
  held: { name: 'On legal hold', means: 'A rule matches, and a legal hold keeps the conversation.' },
  unknown_fact: {
    name: 'Not known for sure',
    means: 'A rule asks for something that Intercom did not say of the conversation; in doubt it stays.',
  },
  no_rule_matched: { name: 'No rule matches', means: 'The policy does not ask for it to be deleted.' },
  unreadable: {
    name: 'Could not be read',
    means: 'What Intercom sent could not be understood; in doubt it stays.',
  },
};
const codes = ['protected', 'held', 'unknown_fact', 'no_rule_matched', 'unreadable'] as const;

/** What stays, and why. */
export const planKeptSection = ({ keptBy, erasure, scan }: PlanRecord): Html =>
  html`<section id="kept" aria-labelledby="kept-heading">
<h2 id="kept-heading">What stays, and why</h2>
<p>Of the conversations that were looked at.${
    scan === 'search'
      ? ' Only conversations that could match a rule were asked for; all others stay as well and were not counted.'
      : ''
  }</p>
${dataTable({
  id: 'kept-table',
  caption: 'Conversations that stay',
  columns: [
    { name: 'Reason', cell: (code) => html`<b>${reasons[code].name}</b>` },
    { name: 'What it means', align: 'prose', cell: (code) => reasons[code].means },
    countColumn<KeptCode>('Conversations', (code) => keptBy[code] ?? 0),
  ],
  rows: codes,
})}${erasure === undefined || erasure.kept.length === 0 ? undefined : keptByName(erasure)}
</section>`;

/** Who is asked to forget a person must be able to say what is left of them, and why. */
const keptByName = ({ kept }: PlannedErasure): Html =>
  dataTable({
    id: 'kept-by-name-table',
    caption: "The contact's conversations that stay, the first thousand of them",
    tools: 'sort_and_filter',
    kindName: 'reason',
    kindOf: ({ reason }) => reasons[reason].name,
    columns: [
      {
        name: 'Conversation',
        cell: ({ conversationId }: KeptConversation) => html`<code>${conversationId}</code>`,
      },
      { name: 'Stays because', cell: ({ reason }) => reasons[reason].name },
      { name: 'By', cell: ({ detail }) => detail },
    ],
    rows: kept,
  });
