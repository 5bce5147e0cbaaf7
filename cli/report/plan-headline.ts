import { type Html, html } from '../html.ts';
import { countOf, countText } from '../number-text.ts';
import { figureCard, figureCards } from './figure-cards.ts';
import type { PlanFigures } from './plan-figures.ts';
import { shareWords } from './share-words.ts';

/** The figures that stand first. */
export function planHeadline({ plan, rules, previous }: PlanFigures): Html {
  const { candidates, workspaceTotal, keptBy } = plan;
  const ofWorkspace =
    workspaceTotal === undefined
      ? 'conversations; Intercom did not say of how many'
      : `conversations of ${countText(workspaceTotal)} (${shareWords(candidates, workspaceTotal)})`;
  const matching = rules.filter(({ count }) => count > 0).length;
  const byRules = `by ${countText(matching)} of ${countOf(rules.length, 'rule')}`;
  const surprises = rules.filter(({ isSurprise }) => isSurprise).length;
  return html`<section id="headline" aria-labelledby="headline-heading">
<h2 id="headline-heading">In short</h2>
${figureCards([
  figureCard('candidates', 'To delete', candidates, `${ofWorkspace}, ${byRules}`),
  figureCard('scanned', 'Looked at', plan.scanned, 'conversations that Intercom showed'),
  figureCard('protected', 'Protected', keptBy.protected ?? 0, 'a rule matches, and the policy protects them'),
  figureCard('held', 'On legal hold', keptBy.held ?? 0, 'a rule matches, and a hold keeps them'),
  figureCard(
    'surprises',
    'Surprises',
    surprises,
    previous === undefined
      ? 'there is no plan before it to compare with'
      : 'rules that match far more than in the plan before',
  ),
])}
</section>`;
}
