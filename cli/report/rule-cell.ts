import type { NamedPolicy } from '#policy/policy.ts';
import { type Html, html } from '../html.ts';
import type { DataColumn } from './data-table.ts';

/** An erasure has a policy of its own, with one rule that is called so. */
const erasureRule = 'erasure';

/**
 * The column that names a rule, with what it is for, on what grounds, and what it does with metrics.
 * @param policy in which the rule may stand; undefined when that is not at hand any more
 */
export const ruleColumn = <Row>(
  policy: NamedPolicy | undefined,
  idOf: (row: Row) => string,
): DataColumn<Row> => ({
  name: 'Rule',
  align: 'prose',
  cell: (row) => ruleCell(idOf(row), policy),
  sortBy: idOf,
});

function ruleCell(id: string, policy: NamedPolicy | undefined): Html {
  const rule = policy?.rules.find((each) => each.id === id);
  if (rule === undefined) return html`<code>${id}</code>${grounds(wordsWithoutRule(id, policy))}`;
  const { description, legalBasis, retainMetrics } = rule;
  return html`<code>${id}</code>${description === undefined ? undefined : grounds(description)}${
    legalBasis === undefined ? undefined : grounds(`Legal basis: ${legalBasis}`)
  }${grounds(`Reporting metrics: ${retainMetrics ? 'kept' : 'removed'}`)}`;
}

const grounds = (text: string): Html => html`<span class="grounds">${text}</span>`;

function wordsWithoutRule(id: string, policy: NamedPolicy | undefined): string {
  if (id === erasureRule) return 'Erasure of one contact, on request.';
  return policy === undefined
    ? 'The policy has changed since, and does not say any more what it is for.'
    : 'Not in the present policy.';
}
