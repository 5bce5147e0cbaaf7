import type { NamedPolicy } from '#policy/policy.ts';
import { type Html, html } from '../html.ts';
import { countText } from '../number-text.ts';
import { chartFigure, type Series } from './chart-figure.ts';
import { countColumn } from './count-column.ts';
import { dataTable } from './data-table.ts';
import { timeTag } from './date-words.ts';
import {
  longestSilence,
  moreThanBefore,
  type PlanFigures,
  type RuleOfPlan,
  silences,
  unknownSilence,
} from './plan-figures.ts';
import { ruleColumn } from './rule-cell.ts';
import { type SeriesFill, seriesFills } from './series-fill.ts';
import { stackedBars } from './stacked-bars.ts';

const silenceNames = [...silences.map(({ name }) => name), longestSilence, unknownSilence];
/** As many bars as stay readable; the rest is one more. */
const mostBars = 24;

/** What each rule would delete, how old it is, and what is far more than before. */
export function planRulesSection(figures: PlanFigures, policy: NamedPolicy | undefined): Html {
  const { plan, previous, rules } = figures;
  const surprises = rules.filter(({ isSurprise }) => isSurprise);
  return html`<section id="rules" aria-labelledby="rules-heading">
<h2 id="rules-heading">What would go, by rule and age</h2>
${surprises.length === 0 || previous === undefined ? undefined : surprisesBox(surprises, previous.asOf)}
${plan.candidates === 0 ? undefined : silenceChart(figures)}
<p>${
    previous === undefined
      ? 'There is no finished plan before this one to compare it with.'
      : html`Compared with the finished plan before it, of ${timeTag(previous.asOf)}, which would have deleted ${countText(previous.candidates)}.`
  }</p>
${dataTable({
  id: 'rules-table',
  caption: 'Rules, the largest surprise first',
  tools: 'sort',
  columns: [
    ruleColumn<RuleOfPlan>(policy, ({ ruleId }) => ruleId),
    countColumn<RuleOfPlan>('To delete', ({ count }) => count),
    {
      name: 'In the plan before',
      align: 'number',
      cell: ({ before }) => (before === undefined ? 'no such rule' : countText(before)),
      sortBy: ({ before }) => before ?? -1,
    },
    { name: 'More', align: 'number', cell: (rule) => signed(moreThanBefore(rule)), sortBy: moreThanBefore },
  ],
  rows: rules,
  total: ['All', countText(plan.candidates), '', ''],
})}
</section>`;
}

const surprisesBox = (surprises: readonly RuleOfPlan[], before: PlanFigures['plan']['asOf']): Html =>
  html`<div class="notice"><h3>Far more than in the plan of ${timeTag(before)}</h3><ul>${surprises.map(
    (rule) =>
      html`<li><code>${rule.ruleId}</code>: ${countText(rule.count)} now, ${
        rule.before === undefined ? 'and there was no such rule then' : `${countText(rule.before)} then`
      }</li>`,
  )}</ul></div>`;

function silenceChart({ plan, bySilence, rules }: PlanFigures): Html {
  const matching = rules.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count);
  const shownBars = matching.length <= mostBars ? matching : matching.slice(0, mostBars - 1);
  const rest = matching.slice(shownBars.length);
  const bars = [
    ...shownBars.map(({ ruleId }) => ({ bar: ruleId, ruleIds: [ruleId] })),
    ...(rest.length === 0
      ? []
      : [{ bar: `${rest.length} other rules`, ruleIds: rest.map(({ ruleId }) => ruleId) }]),
  ];
  const countOf = (ruleIds: readonly string[], silence: string): number =>
    ruleIds.reduce((sum, ruleId) => sum + (bySilence.get(ruleId)?.get(silence) ?? 0), 0);
  const all = matching.map(({ ruleId }) => ruleId);
  const series = silenceNames
    .map((name, at): Series => ({ name, fill: fillAt(at), total: countOf(all, name) }))
    .filter(({ total }) => total > 0);
  const young = countOf(all, silences[0].name) + countOf(all, silences[1].name);
  const says = `${countText(plan.candidates)} conversations by ${matching.length === 1 ? 'one rule' : `${countText(matching.length)} rules`}; ${countText(young)} of them had been silent for less than a year.`;
  return chartFigure({
    id: 'silence-chart',
    title: 'Conversations to delete, by rule and by how long they have been silent',
    says,
    series,
    draw: (size) =>
      stackedBars(
        `Conversations to delete by rule and by how long they have been silent. ${says}`,
        size,
        series,
        bars.flatMap(({ bar, ruleIds }) =>
          series.map(({ name }) => ({ bar, series: name, count: countOf(ruleIds, name) })),
        ),
      ),
    table: dataTable({
      id: 'silence-table',
      caption: 'Conversations to delete, by rule and by how long they have been silent',
      columns: [
        { name: 'Rule', cell: ({ ruleId }) => html`<code>${ruleId}</code>` },
        ...series.map(({ name }) => countColumn<RuleOfPlan>(name, ({ ruleId }) => countOf([ruleId], name))),
        countColumn<RuleOfPlan>('All', ({ count }) => count),
      ],
      rows: matching,
    }),
  });
}

const fillAt = (at: number): SeriesFill => seriesFills[at] ?? 'grey';

const signed = (count: number): string =>
  count > 0 ? `+${countText(count)}` : countText(count).replace('-', '\u2212');
