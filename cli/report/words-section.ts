import { type Html, html } from '../html.ts';

/** The words of these pages, for who has never seen the program. */
const words = {
  policy:
    'The written rules for this workspace: what must go, what is protected, and how much may go at most.',
  rule: 'One entry of the policy. It says which conversations must go, why, and whether their reporting metrics are kept.',
  plan: 'The list of conversations that the policy would delete, made at one moment and then never added to.',
  run: 'One execution: it makes a plan, has it checked, deletes, and counts what came of it.',
  deleted: 'Intercom said that it deleted the conversation, or its own list says so.',
  'already gone': 'Intercom did not know the conversation any more when its turn came.',
  'answer lost':
    'A deletion was sent, its answer never came, and the conversation is gone. It counts as deleted once Intercom lists it.',
  failed: 'Intercom refused the deletion, or the conversation was still there after several attempts.',
  spared: 'It was planned for deletion and kept at the last moment, for a reason that is recorded.',
  'legal hold': 'Keeps a conversation, contact, company or tag, whatever any rule says.',
  seal: 'A signature over the records of a day, which shows any later change to them.',
} as const;
type Word = keyof typeof words;

export const wordsSection = (used: readonly Word[]): Html =>
  html`<section id="words" aria-labelledby="words-heading">
<h2 id="words-heading">Words</h2>
<dl class="words">${used.map((word) => html`<div><dt>${word}</dt><dd>${words[word]}</dd></div>`)}</dl>
</section>`;
