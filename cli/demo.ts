/** Shows the main job on a simulated workspace, through the real command line, and holds the result against the truth. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { createDemoShell, DemoError } from './demo-shell.ts';
import { checkAgainstTruth } from './demo-truth.ts';

const folder = resolve('.demo');
const conversations = 5000;
const readyLine = z.object({ url: z.string(), token: z.string() });
const conversationLine = z.object({ conversation_id: z.string() });

const readMe = `What the demo left:

  retention.yaml   the policy
  plan.ndjson      the plan that was approved, a line a conversation
  audit.ndjson     the audit trail, a line a deletion that was intended
  audit.csv        the same for a spreadsheet
  .retention       the store: audit trail and state
  .env             where the simulator was; it has ended

The store can still be asked, in this folder:

  npx retention plan list
  npx retention audit summary
  npx retention audit query --outcome kept
  npx retention status CONVERSATION

Everything here is made up. Delete the folder whenever you like.
`;

async function demo(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(join(folder, 'README.txt'), readMe);
  copyFileSync(fileURLToPath(new URL('./demo-policy.yaml', import.meta.url)), join(folder, 'retention.yaml'));
  const shell = createDemoShell(folder);

  shell.tell(`A look-alike of Intercom with ${conversations} conversations, on this machine.`);
  const simulate = ['simulate', '--conversations', String(conversations), '--seed', '2026'];
  const { child, line } = await shell.leaveRunning(simulate);
  try {
    const { url, token } = readyLine.parse(JSON.parse(line));
    writeFileSync(join(folder, '.env'), `INTERCOM_BASE_URL=${url}\nINTERCOM_ACCESS_TOKEN=${token}\n`);

    shell.tell('Is the policy right, and are its names those of the workspace?');
    await shell.type(['policy', 'check'], 0);
    shell.tell('What would it delete? Nothing is deleted here.');
    await shell.type(['plan'], 0);
    shell.tell('Nothing is deleted without an approval either: the gate refuses.');
    await shell.type(['run', '--quiet'], 3);

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
    shell.tell('All of it is in the folder .demo, which has a README.txt.');
  } finally {
    child.kill('SIGKILL'); // it has nothing to save, and nothing more to say
  }
}

try {
  await demo();
} catch (error) {
  if (!(error instanceof DemoError)) throw error;
  process.stderr.write(`The demo failed: ${error.message}\n`);
  process.exitCode = 1;
}
