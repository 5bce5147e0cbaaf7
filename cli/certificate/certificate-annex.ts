import { type Html, html } from '../html.ts';
import type { Certificate, CertifiedRole } from './certificate.ts';
import { momentToMs } from './moment-words.ts';

/** The proof, for whoever wants to follow it by hand. */
export function annex({ records, seals, public_keys: keys }: Certificate): Html {
  return html`<section class="annex">
<h2>Annex: proof</h2>
<p>Each statement above was worked out from the records below, which this page carries in full. Each record’s hash leads, by an inclusion proof (RFC 6962), to the root of a signed seal of the audit. To check it, without any network or account: <code>retention audit verify --certificate FILE --public-key KEY</code></p>
<table class="proof">
<thead><tr><th scope="col">Record</th><th scope="col">Recorded</th><th scope="col">SHA-256 of the record, and its place in the seal</th></tr></thead>
<tbody>${records.map(
    (record) =>
      html`<tr><th scope="row">${roleNames[record.role]}</th><td class="when">${momentToMs(record.recorded_at)}</td><td><code>${record.leaf_hash}</code> <span class="note">no. ${record.leaf_index + 1} in the seal of ${record.seal_day}</span></td></tr>`,
  )}</tbody>
</table>
<p class="note">The plan and the intent are records of up to 150 conversations each; the other conversations in them are named by their ids, with no text, name or address.</p>
<h3>Signed seals</h3>
${seals.map(({ note }) => html`<pre>${note.trimEnd()}</pre>`)}
<h3>${keys.length === 1 ? 'Key' : 'Keys'} that signed them</h3>
<p>SHA-256 ${keys.map(({ key_id: id }, at) => html`${at === 0 ? '' : ', '}<code>${id}</code>`)}. Compare it with the one that the operator has published: whoever makes up a certificate can make up a key.</p>
</section>`;
}

const roleNames: Readonly<Record<CertifiedRole, string>> = {
  approval: 'Approval',
  plan: 'Plan and policy',
  plan_chunk: 'Planned deletion',
  intent: 'Intent',
  outcome: 'Outcome',
  confirmation: 'Confirmation',
};
