import { type Html, html, trustedHtml } from '../html.ts';
import {
  type Certificate,
  type CertificateLayout,
  type CertifiedFacts,
  type Claims,
  certificateText,
  type WholeClaims,
} from './certificate.ts';
import { annex } from './certificate-annex.ts';
import { certificateStyle } from './certificate-style.ts';
import { lateCautions } from './late-cautions.ts';
import { dayWords, moment, momentToMs } from './moment-words.ts';

const dataStart = '<script type="application/json" id="certificate">';
const dataEnd = '</script>';

/** The JSON text that a page carries; undefined when it carries none. */
export function dataOfPage(page: string): string | undefined {
  const start = page.indexOf(dataStart);
  const end = page.indexOf(dataEnd, start);
  return start < 0 || end < 0 ? undefined : page.slice(start + dataStart.length, end);
}

/** The same certificate always gives the same page, so that a page that somebody has changed is told from one that nobody has. */
export function certificatePage(certificate: Certificate): string {
  const { claims } = certificate;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Certificate of deletion: conversation ${claims.conversation_id}</title>
<style>${trustedHtml(certificateStyle)}</style>
</head>
<body>
<main>
<header>
<p class="kind">Sealed audit record</p>
<h1>Certificate of deletion</h1>
<p class="subject">Intercom conversation <code>${claims.conversation_id}</code> of the workspace ${claims.workspace_name} (<code>${claims.workspace_id}</code>)</p>
</header>
${statement(claims)}
${cautions(certificate)}
${why(claims)}
${who(claims)}
${how(claims)}
${limits}
${annex(certificate)}
</main>
<footer>
<p>Issued ${moment(certificate.issued.at)} by ${certificate.issued.by}. ${notProven[certificate.layout]}</p>
</footer>
${trustedHtml(dataStart)}${trustedHtml(certificateText(certificate).replaceAll('<', '\\u003c'))}${trustedHtml(dataEnd)}
</body>
</html>
`.toString();
}

const notProven: Readonly<Record<CertificateLayout, string>> = {
  'intercom-retention/certificate/1': 'The date of issue is not part of what is proven.',
  'intercom-retention/certificate/2':
    'The date of issue and the number of the version are not part of what is proven.',
};

function statement(claims: Claims): Html {
  const { confirmation, request } = claims;
  const word =
    claims.deleted_by_word_of === 'answer'
      ? 'Intercom answered the request to delete it with its word that it was deleted.'
      : 'The answer to the request to delete it was lost. Intercom’s own list of deleted conversations names it.';
  const metrics =
    (confirmation?.metrics_retained ?? request.retain_metrics)
      ? 'Its figures stay in Intercom’s reports.'
      : 'Its figures were removed from Intercom’s reports as well.';
  return html`<p class="statement">This conversation was permanently deleted from Intercom on <strong>${moment(claims.deleted_at)}</strong>. ${word} ${confirmation === null ? '' : metrics}</p>`;
}

/** What a reader must not miss. */
function cautions({ claims }: Certificate): readonly Html[] {
  const { approval, confirmation, request } = claims;
  const { warning, note } = lateCautions(claims);
  const found: Html[] = [];
  if (confirmation === null) {
    found.push(
      html`This certificate carries no confirmation from Intercom’s own list of deleted conversations. The time above is that of Intercom’s answer.`,
    );
  } else if (confirmation.metrics_retained !== request.retain_metrics) {
    found.push(
      html`Intercom says that the reporting metrics were ${confirmation.metrics_retained ? 'kept' : 'removed'}, and the request asked for the opposite.`,
    );
  }
  if (approval === null) {
    found.push(html`This certificate carries no approval of this deletion.`);
  }
  if (note !== undefined) found.push(html`${note}`);
  const notes = found.map((text) => html`<p class="caution"><strong>Note.</strong> ${text}</p>`);
  return warning === undefined
    ? notes
    : [html`<p class="caution"><strong>Warning. ${warning}</strong></p>`, ...notes];
}

function why({ rule, facts, names = noNames, policy_hash: policyHash }: Claims): Html {
  return html`<section>
<h2>Why</h2>
<dl>
<dt>Rule</dt><dd>${rule.description ?? ''} <code>${rule.id}</code></dd>
<dt>Legal basis</dt><dd>${rule.legal_basis ?? 'None is given in the policy.'}</dd>
<dt>Condition</dt><dd><ul class="condition">${rule.condition.map(({ depth, text }) => html`<li style="--depth:${depth}">${text}</li>`)}</ul>${
    rule.despite.length === 0
      ? undefined
      : html`<p class="note">The rule sets these protections aside: ${rule.despite.join(', ')}.</p>`
  }${namesText(names)}</dd>
<dt>Facts that met it</dt><dd>${factsText(facts.planned, names)}<p class="note">As read from Intercom on ${moment(facts.read_at)}, for the plan.</p>${
    facts.changed_to === null
      ? undefined
      : html`${factsText(facts.changed_to, names)}<p class="note">As read once more, right before the deletion.</p>`
  }${
    rule.facts_not_kept.length === 0
      ? undefined
      : html`<p class="note">The rule also looked at: ${rule.facts_not_kept.join(', ')}. The audit keeps no copy of that; that it met the rule was this program’s judgement when it planned.</p>`
  }</dd>
<dt>Policy</dt><dd>SHA-256 <code>${policyHash}</code></dd>
</dl>
</section>`;
}

type Names = WholeClaims['names'];
const noNames: Names = { tags: [], teams: [] };

/** What connects the words of the condition with the ids of the facts. */
function namesText({ tags, teams }: Names): Html | undefined {
  const stood = [
    ...tags.map(({ name, id }) => html`the tag “${name}” was <code>${id}</code>`),
    ...teams.map(({ name, id }) => html`the team “${name}” was <code>${id}</code>`),
  ];
  if (stood.length === 0) return undefined;
  return html`<p class="note">In Intercom, when it was planned: ${stood.map((each, at) => html`${at === 0 ? '' : '; '}${each}`)}.</p>`;
}

function factsText(facts: CertifiedFacts, names: Names): Html {
  const parts = [
    `the state was ${facts.state ?? 'unknown'}`,
    facts.created_at === null ? 'the creation was unknown' : `it was created on ${moment(facts.created_at)}`,
    facts.updated_at === null
      ? 'the last activity was unknown'
      : `its last activity was on ${moment(facts.updated_at)}`,
    [tagsText(facts.tag_ids, names), teamText(facts.team_id, names), ticketText(facts.has_ticket)].join('; '),
  ];
  return html`<ul class="condition">${parts.map((part) => html`<li>${part}</li>`)}</ul>`;
}

function tagsText(ids: CertifiedFacts['tag_ids'], { tags }: Names): string {
  if (ids === null) return 'tags unknown';
  return ids.length === 0 ? 'no tags' : `tags with the ids ${ids.map((id) => named(id, tags)).join(', ')}`;
}

function teamText(id: CertifiedFacts['team_id'], { teams }: Names): string {
  if (id === null) return 'team unknown';
  return id === 'unassigned' ? 'no team' : `the team with the id ${named(id, teams)}`;
}

/** `7522908 (“gdpr-erase”)`, by the policy's name for it; the id alone where the policy has none. */
function named(id: string, names: Names['tags']): string {
  const own = names.filter((each) => each.id === id).map(({ name }) => `“${name}”`);
  return own.length === 0 ? id : `${id} (${own.join(', ')})`;
}

function ticketText(has: CertifiedFacts['has_ticket']): string {
  if (has === null) return 'unknown whether a ticket';
  return has ? 'a ticket' : 'no ticket';
}

function who({ approval, confirmation, ...claims }: Claims): Html {
  const sealedLate = claims.sealed_late?.find(({ role }) => role === 'approval');
  const steps: readonly (readonly [string | null, string | Html])[] = [
    [
      claims.plan.planned_at,
      html`Planned: judged by the policy <span class="note">plan <code>${claims.plan.plan_id}</code></span>`,
    ],
    [
      approval?.at ?? null,
      html`Approved by <strong>${approval?.by}</strong>${approval?.covers === 'policy' ? ' (this policy, for every plan by it)' : ' (this plan)'}${sealedLate === undefined ? '' : `; only in the seal of ${dayWords(sealedLate.seal_day)}`}`,
    ],
    [
      claims.intended_at,
      html`Intent stored, before any request <span class="note">run <code>${claims.run.run_id}</code>, begun by ${triggers[claims.run.trigger]}</span>`,
    ],
    [claims.request.attempted_at, 'Request to delete sent to Intercom'],
    [claims.answer.answered_at, 'Intercom answered: deleted'],
    [confirmation?.deleted_at ?? null, 'Deleted, as Intercom’s own list says'],
    [confirmation?.confirmed_at ?? null, 'Confirmed: found in Intercom’s list of deleted conversations'],
  ];
  const known = steps.filter((step): step is readonly [string, string | Html] => step[0] !== null);
  return html`<section>
<h2>Who and when</h2>
<table>
<thead><tr><th scope="col">Time (UTC)</th><th scope="col">What happened</th></tr></thead>
<tbody>${inOrder(known).map(([at, what]) => html`<tr><td class="when">${momentToMs(at).slice(0, 19)}</td><td>${what}</td></tr>`)}</tbody>
</table>
</section>`;
}

/** Intercom's own times are whole seconds, so one of them can stand before what led to it; the steps keep their order then. */
const inOrder = <Step>(steps: readonly (readonly [string, Step])[]) =>
  steps.toSorted(
    ([one], [other]) => Math.floor(Date.parse(one) / 1000) - Math.floor(Date.parse(other) / 1000),
  );

const triggers = {
  schedule: 'the schedule',
  manual: 'a person',
  webhook: 'an event',
  erasure: 'a request for erasure',
} as const;

function how({ request, answer, confirmation }: Claims): Html {
  return html`<section>
<h2>How</h2>
<dl>
<dt>Request</dt><dd><code>${request.method} ${request.path}</code>, API version ${request.api_version ?? 'not recorded'}</dd>
<dt>Answer</dt><dd>${answerText(answer)}</dd>
<dt>Reporting metrics</dt><dd>asked to be ${request.retain_metrics ? 'kept' : 'removed'} (<code>retain_metrics: ${String(request.retain_metrics)}</code>); ${
    confirmation === null
      ? 'this certificate carries no confirmation'
      : html`confirmed as ${confirmation.metrics_retained ? 'kept' : 'removed'} (<code>metrics_retained: ${String(confirmation.metrics_retained)}</code>)`
  }</dd>
</dl>
</section>`;
}

function answerText({ http_status: status, intercom_request_id: id }: Claims['answer']): Html {
  const code = status === null ? html`lost` : html`HTTP ${status}`;
  return id === null
    ? html`${code}; no request id of Intercom’s is known`
    : html`${code}; Intercom’s request id <code>${id}</code>`;
}

const limits = html`<section>
<h2>What this does not prove</h2>
<ul>
<li>That no copy exists elsewhere: in Intercom’s own backups and logs, in exports, in e-mails that went out, or in other tools that were given the conversation.</li>
<li>What was written in the conversation, or who took part. The audit holds neither.</li>
<li>That Intercom did what it said. This is Intercom’s word, as this program received it.</li>
<li>That there is no approval or confirmation where this certificate carries none: leaving one out does not show.</li>
<li>That the operator’s key was in honest hands. Whoever holds the key can sign other records; a copy of the seals that somebody else keeps shows it.</li>
</ul>
</section>`;
