import type { PolicyHash, WorkspaceId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import type { NamedPolicy } from '#policy/policy.ts';
import { type Html, html } from '../html.ts';
import { countOf } from '../number-text.ts';
import { renderPage } from '../page-frame.ts';
import { actsSection } from './acts-section.ts';
import { attentionOf } from './attention.ts';
import { dayAndMinuteWords, dayWords } from './date-words.ts';
import { deletionsSection } from './deletions-section.ts';
import { headlineSection } from './headline-section.ts';
import { holdsSection } from './holds-section.ts';
import { metricsSection } from './metrics-section.ts';
import { reconciliationSection } from './reconciliation-section.ts';
import { refusalsSection } from './refusals-section.ts';
import type { ReportFigures } from './report-figures.ts';
import type { ReportSpan } from './report-span.ts';
import { rulesSection } from './rules-section.ts';
import { runsSection } from './runs-section.ts';
import { sealsSection } from './seals-section.ts';
import { fillPatterns } from './series-fill.ts';
import { tableScript } from './table-script.ts';
import { wordsSection } from './words-section.ts';

export interface ReportSubject {
  readonly workspaceId: WorkspaceId;
  readonly policy: NamedPolicy;
  readonly policyHash: PolicyHash;
}

/** The report as a page. */
export const reportPage = (
  { workspaceId, policy, policyHash }: ReportSubject,
  figures: ReportFigures,
): string =>
  renderPage({
    kind: 'report',
    title: 'Retention report',
    about: html`<p>What was deleted in the Intercom workspace <strong>${workspaceId}</strong>, and how that is known.<br>
<strong>${spanWords(figures.span)}</strong>. All times are in UTC.</p>`,
    body: [
      fillPatterns(),
      headlineSection(figures, attentionOf(figures)),
      deletionsSection(figures),
      rulesSection(figures.outcomes, policy),
      metricsSection(figures.outcomes.metrics),
      reconciliationSection(figures.reconciliations),
      refusalsSection(figures.runs, figures.outcomes),
      holdsSection(figures.now, figures.outcomes),
      actsSection(figures.acts),
      sealsSection(figures.seals),
      runsSection(figures.runs, figures.now),
      wordsSection([
        'policy',
        'rule',
        'plan',
        'run',
        'deleted',
        'already gone',
        'answer lost',
        'failed',
        'spared',
        'legal hold',
        'seal',
      ]),
    ],
    script: tableScript,
    madeAt: figures.now.at,
    policyHash,
    command: commandFor(figures.span),
  });

const dayMs = 86_400_000;
const isMidnight = (ms: number): boolean => ms % dayMs === 0;

/** Whole days where the span has whole days, and to the minute where it has not. */
function spanWords({ from, until }: ReportSpan): Html | string {
  const first = isMidnight(from) ? dayWords(from) : dayAndMinuteWords(from);
  const last = isMidnight(until) ? dayWords(instantFromMs(until - 1)) : dayAndMinuteWords(until);
  const days = isMidnight(from) && isMidnight(until) ? ` (${countOf((until - from) / dayMs, 'day')})` : '';
  return `${first} to ${last}${days}`;
}

function commandFor({ from, until }: ReportSpan): string {
  return `retention report --from ${new Date(from).toISOString()} --to ${new Date(until).toISOString()}`;
}
