/** Shows the main job on a simulated workspace, through the real command line, and holds the result against the truth. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Instant } from '#policy/instant.ts';
import { forgeApproval } from './demo-forgery.ts';
import { notifyOfTag } from './demo-notification.ts';
import { createDemoShell, DemoError, type DemoShell } from './demo-shell.ts';
import {
  checkAgainstTruth,
  checkWholeAudit,
  contactOf,
  happen,
  type SimulatedConversation,
  survivors,
  tagNamed,
} from './demo-truth.ts';
import { systemClock } from './system-clock.ts';

const folder = resolve('.demo');
const conversations = 5000;
const clientSecret = 'demo-client-secret';
const readyLine = z.object({ url: z.string(), token: z.string() });
const listeningLine = z.object({ url: z.string() });
const conversationLine = z.object({ conversation_id: z.string() });

const readMe = `What the demo left:

  retention.yaml   the policy
  events.yaml      the policy for what events delete
  plan.ndjson      the plan that was approved, a line a conversation
  audit.ndjson     the audit trail, a line a deletion that was intended
  audit.csv        the same for a spreadsheet
  certificate.html what is certain of one deletion, for whoever asks; certificate.json beside it
  report.html      the report for people
  .retention       the store: audit trail and state, and the key that sealed
  forged           a copy of the store, with an approval that nobody gave
  .env             where the simulator was; it has ended

The store can still be asked, in this folder:

  npx retention plan list
  npx retention audit summary
  npx retention audit query --outcome kept
  npx retention status CONVERSATION
  npx retention audit verify
  npx retention audit verify --certificate certificate.html
  npx retention audit verify --data-dir forged

Everything here is made up. Delete the folder whenever you like.
`;

async function demo(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(join(folder, 'README.txt'), readMe);
  copyFileSync(fileOf('demo-policy.yaml'), join(folder, 'retention.yaml'));
  copyFileSync(fileOf('demo-events.yaml'), join(folder, 'events.yaml'));
  const shell = createDemoShell(folder);

  shell.tell(`A look-alike of Intercom with ${conversations} conversations, on this machine.`);
  const simulate = ['simulate', '--conversations', String(conversations), '--seed', '2026'];
  const { child, line } = await shell.leaveRunning(simulate);
  try {
    const { url, token } = readyLine.parse(JSON.parse(line));
    writeFileSync(
      join(folder, '.env'),
      `INTERCOM_BASE_URL=${url}\nINTERCOM_ACCESS_TOKEN=${token}\nINTERCOM_CLIENT_SECRET=${clientSecret}\n`,
    );

    shell.tell('Is the policy right, and are its names those of the workspace?');
    await shell.type(['policy', 'check'], 0);
    shell.tell('What would it delete? Nothing is deleted here.');
    await shell.type(['plan'], 0);
    shell.tell('Nothing is deleted without an approval either: the gate refuses.');
    await shell.type(['run', '--quiet'], 3);

    const plannedAt = systemClock.now();
    const plan = await shell.keep(['plan', 'show', 'latest', '--format', 'ndjson'], 'plan.ndjson');
    writeFileSync(join(folder, 'plan.ndjson'), plan);
    shell.tell('A privacy officer approves the plan.');
    await shell.type(['approve', 'latest', '--yes', '--by', 'privacy-officer'], 0);

    const [firstLine = ''] = plan.split('\n');
    const heldId = conversationLine.parse(JSON.parse(firstLine)).conversation_id;
    shell.tell('Then the lawyers ask for one of its conversations to be kept.');
    const matter = ['--matter', 'Case 12/2026', '--owner', 'legal', '--reason', 'Litigation'];
    await shell.type(['hold', 'add', '--conversation', heldId, ...matter], 0);
    shell.tell('Now the run deletes what was approved, but for that one.');
    await shell.type(['run'], 0);

    shell.tell('What was deleted, when, why, and with which flag?');
    await shell.peek(['audit', 'query', '--format', 'table'], 6);
    await shell.type(['audit', 'summary'], 0);
    const audit = await shell.keep(['audit', 'query', '--format', 'ndjson'], 'audit.ndjson');
    writeFileSync(join(folder, 'audit.ndjson'), audit);
    const csv = await shell.keep(['audit', 'query', '--format', 'csv'], 'audit.csv');
    writeFileSync(join(folder, 'audit.csv'), csv);

    shell.tell('What became of one of them, and of the one under the hold?');
    const deleted = audit.split('\n').find((each) => each.includes('"outcome":"deleted"')) ?? '';
    await shell.type(['status', conversationLine.parse(JSON.parse(deleted)).conversation_id], 0);
    await shell.type(['status', heldId], 0);

    const count = await checkAgainstTruth({ simulatorUrl: url, plan, audit, heldId });
    shell.tell(
      `Held against the simulator's own books: ${count} deleted, each with its flag, and the held one is there.`,
    );

    const [tagged, erased, elsewhere] = await survivors(url, heldId);
    await showWebhook(shell, url, tagged);
    await showErasure(shell, erased);
    await showReconcile(shell, url, elsewhere);
    const whole = await shell.keep(['audit', 'query', '--format', 'ndjson'], 'audit.ndjson');
    writeFileSync(join(folder, 'audit.ndjson'), whole);
    const total = await checkWholeAudit(url, whole, elsewhere.id);
    shell.tell(
      `Held against the simulator's own books again: ${total} deleted, all confirmed, and one by somebody else.`,
    );
    await showProof(shell, conversationLine.parse(JSON.parse(deleted)).conversation_id, plannedAt);
    shell.tell('All of it is in the folder .demo: README.txt, report.html, certificate.html, audit.csv …');
  } finally {
    child.kill('SIGKILL'); // it has nothing to save, and nothing more to say
  }
}

/** A teammate tags a conversation, Intercom sends a webhook, and the conversation goes; a forged webhook does nothing. */
async function showWebhook(
  shell: DemoShell,
  simulatorUrl: string,
  tagged: SimulatedConversation,
): Promise<void> {
  shell.tell('Now by events. The rules for events are a policy of their own, approved once.');
  await shell.type(['plan', '--policy', 'events.yaml', '--quiet'], 0);
  await shell.type(['approve', 'latest', '--policy', 'events.yaml', '--yes', '--by', 'privacy-officer'], 0);
  const { child, line } = await shell.leaveRunning(['listen', '--policy', 'events.yaml', '--json']);
  const ended = new Promise((resolve) => {
    child.once('close', resolve);
  });
  try {
    const webhookUrl = listeningLine.parse(JSON.parse(line)).url;
    await happen(simulatorUrl, tagged.id, 'tag', tagNamed(await tagsOf(simulatorUrl), 'gdpr-erase'));
    const forged = await notifyOfTag(webhookUrl, 'a stranger', tagged.id);
    const signed = await notifyOfTag(webhookUrl, clientSecret, tagged.id);
    shell.tell(
      `A teammate tags ${tagged.id} gdpr-erase. A forged webhook is answered with ${forged}, Intercom's own with ${signed}.`,
    );
  } finally {
    child.kill('SIGINT'); // it ends when the message at work is done
    await ended;
  }
  await shell.type(['status', tagged.id], 0);
}

async function tagsOf(simulatorUrl: string): Promise<unknown> {
  const headers = {
    authorization: 'Bearer simulator',
    accept: 'application/json',
    'intercom-version': '2.16',
  };
  const answer = await fetch(`${simulatorUrl}/tags`, { headers });
  return answer.json();
}

async function showErasure(shell: DemoShell, of: SimulatedConversation): Promise<void> {
  shell.tell('A customer asks to be forgotten: all conversations of one contact, open ones too.');
  const why = ['--retain-metrics', 'false', '--reason', 'Request 2026-114'];
  const who = ['--yes', '--by', 'privacy-officer'];
  await shell.type(['erase', '--contact', contactOf(of), ...why, ...who, '--quiet'], 0);
}

async function showReconcile(
  shell: DemoShell,
  simulatorUrl: string,
  of: SimulatedConversation,
): Promise<void> {
  shell.tell(
    'Somebody deletes a conversation behind our back. Does the audit agree with what Intercom itself lists?',
  );
  await happen(simulatorUrl, of.id, 'delete');
  await shell.type(['reconcile', '--quiet'], 0);
  await shell.type(['audit', 'summary'], 0);
}

/** Seals the audit, certifies one deletion, writes the report, and lets somebody forge a record. */
async function showProof(shell: DemoShell, deletedId: string, earlier: Instant): Promise<void> {
  shell.tell('An auditor comes. Seal the audit, so that nobody can change it unnoticed from here on:');
  await shell.type(['audit', 'seal', '--today'], 0);
  await shell.type(['audit', 'verify'], 0);
  shell.tell('What is certain of one deletion, on a page that can be checked without us; and the report.');
  await shell.type(['audit', 'certificate', deletedId, '--out', 'certificate.html'], 0);
  await shell.type(['audit', 'verify', '--certificate', 'certificate.html'], 0);
  await shell.type(['report', '--out', 'report.html'], 0);
  shell.tell('Somebody who can write to the store adds an approval that nobody gave. (To a copy of it.)');
  await forgeApproval(folder, join(folder, 'forged'), earlier);
  await shell.type(['audit', 'verify', '--data-dir', 'forged'], 4);
}

const fileOf = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));

try {
  await demo();
} catch (error) {
  if (!(error instanceof DemoError)) throw error;
  process.stderr.write(`The demo failed: ${error.message}\n`);
  process.exitCode = 1;
}
