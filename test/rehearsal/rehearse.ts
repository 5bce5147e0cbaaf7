/** Deploys, sweeps, deletes on a webhook, reconciles, audits and destroys, in a local AWS look-alike; run by .ci/rehearse. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createDocumentClient } from '#audit/document-client.ts';
import { brandId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import { outputNames } from '#runtime/output-names.ts';
import { startSimulator } from '#simulator/simulator.ts';
import { aRun } from '#support/audit-builders.ts';
import { functionUrlEvent, notification, signatureOf } from '#support/webhook-events.ts';

const stackName = 'IntercomRetention-rehearsal';
const clientSecret = 'a-client-secret';
const conversations = 3000;
const { LOCAL_AWS: localAws = '', LOCAL_AWS_DIR: awsFolder = '', REHEARSAL_DIR: folder = '' } = process.env;
const started = performance.now();

const say = (text: string): void => {
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`rehearsal, ${String(seconds).padStart(3)} s: ${text}\n`);
};

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly said: string;
}

/** In this process runs the simulator, which the child has to reach: so nothing here may wait without letting go. */
async function run(
  command: string,
  args: readonly string[],
  { env = {}, fine = [0] }: { env?: NodeJS.ProcessEnv; fine?: readonly number[] } = {},
): Promise<Ran> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let out = '';
  let said = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  if (!fine.includes(code))
    throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${said}\n${out}`);
  return { code, out, said };
}

const local = async (...args: string[]): Promise<string> =>
  (await run(localAws, [args[0]!, '--dir', awsFolder, ...args.slice(1)])).out;

const policyPath = join(folder, 'policy.yaml');
writeFileSync(
  policyPath,
  `version: 1
workspace: simulated
mode: delete
approval: standing
limits: { per_run: 3000, per_day: 5000, share_of_workspace: 80%, failures: 10% }
protect: { minimum_age: 30d, tags: [legal-hold] }
rules:
  - id: closed-two-years
    description: Closed and silent for two years.
    legal_basis: A rehearsal
    when: { state: closed, last_activity: { older_than: 2y } }
    retain_metrics: true
  - id: on-closing
    description: Whatever somebody closes.
    legal_basis: A rehearsal
    on: conversation.admin.closed
    when: { state: closed }
    despite: [minimum_age]
    retain_metrics: false
`,
);

const simulator = await startSimulator({
  generate: conversations,
  seed: 7,
  rateLimit: { perMinute: 20_000 },
});
const settingsPath = join(folder, 'settings.json');
writeFileSync(
  settingsPath,
  JSON.stringify({
    policyFile: policyPath,
    intercomBaseUrl: simulator.url,
    sliceTimeoutSeconds: 63, // a slice ends a minute before
    secretName: 'intercom-retention/rehearsal',
    notificationEmail: 'on-call@example.test',
  }),
);

const outputsPath = join(folder, 'outputs.json');
const assembly = join(folder, 'cdk.out');
await run('cdk', [
  'synth',
  '--quiet',
  '--context',
  'stage=rehearsal',
  '--context',
  `settings=${settingsPath}`,
  '--output',
  assembly,
]);
// The look-alike knows but one word for what stays when the stack goes, and would delete what is kept by the other.
const templatePath = join(assembly, `${stackName}.template.json`);
const template = readFileSync(templatePath, 'utf8');
writeFileSync(templatePath, template.replaceAll('"RetainExceptOnCreate"', '"Retain"'));
await local('deploy', '--', '--app', assembly, '--outputs-file', outputsPath);
const outputs = JSON.parse(readFileSync(outputsPath, 'utf8'))[stackName];
const output = (name: keyof typeof outputNames): string => outputs[outputNames[name]];
say(`deployed, with ${Object.keys(outputs).length} outputs`);

/** The command line as its users have it: it knows the stack's name, the policy, and AWS. */
const retention = (args: readonly string[], fine: readonly number[] = [0]): Promise<Ran> =>
  run(process.execPath, ['cli/main.ts', ...args, '--policy', policyPath], { fine });
const onStack = (...args: string[]) => retention([...args, '--stack', stackName]);

// The function's own address is one of AWS, which nobody here answers for; this serves the function itself.
const webhook = spawn(localAws, ['http', '--dir', awsFolder, output('webhookFunction')], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
process.on('exit', () => webhook.kill());
const [line] = await once(createInterface({ input: webhook.stdout }), 'line');
const { url } = JSON.parse(line);

interface Checked {
  readonly check: string;
  readonly status: string;
  readonly message: string;
}
const deployCheck = async (fine: number): Promise<readonly Checked[]> => {
  const args = ['deploy-check', '--stack', stackName, '--webhook-url', url, '--json'];
  return JSON.parse((await retention(args, [fine])).out).checks;
};
const unhappy = (checks: readonly Checked[]) =>
  Object.fromEntries(checks.flatMap(({ check, status }) => (status === 'ok' ? [] : [[check, status]])));

const noToken = 'could_not_be_checked';
const checksBefore = await deployCheck(1);
assert.deepEqual(unhappy(checksBefore), {
  secret: 'missing',
  token: noToken,
  read_conversations: noToken,
  read_names: noToken,
  delete_permission: 'not_checked',
  api_version: noToken,
  webhook: noToken,
});
const secretMessage = checksBefore.find(({ check }) => check === 'secret')?.message ?? '';
assert.match(secretMessage, /store \{"workspaces"/);
say(`deploy-check exits with 1 and says of the secret: ${secretMessage}`);

await new SecretsManagerClient({}).send(
  new PutSecretValueCommand({
    SecretId: output('secretName'),
    SecretString: JSON.stringify({
      workspaces: { simulated: { access_token: 'a-token', client_secret: clientSecret } },
    }),
  }),
);
// The look-alike takes every subscription for confirmed, and evaluates no permissions: what deploy-check says of the
// subscribers and of AWS's own refusals is tried in test/integration/deploy-check*.test.ts.
const checksAfter = await deployCheck(0);
assert.deepEqual(unhappy(checksAfter), { delete_permission: 'not_checked' }, JSON.stringify(checksAfter));
assert.equal(checksAfter.length, 22);
say(`deploy-check exits with 0 once the secret is filled: ${checksAfter.length - 1} hold, 1 cannot be tried`);

const fire = async (schedule: string) => JSON.parse(await local('fire', schedule)).targets[0];

const refused = await fire(output('sweepSchedule'));
assert.equal(refused.status, 'SUCCEEDED');
assert.equal(refused.output.stop_reason, 'refused');
assert.equal(simulator.deletions().length, 0, 'nothing goes without approval');
say('the first sweep waits for approval and deletes nothing');

await onStack('approve', 'latest', '--yes', '--by', 'privacy-officer');
await onStack('pause', '--reason', 'A rehearsal', '--by', 'on-call');
const remotely = ['run', '--remote', '--stack', stackName, '--json'];
const paused = await retention(remotely, [3]);
assert.deepEqual(
  JSON.parse(paused.out).gate.refusals.map(({ code }: { readonly code: string }) => code),
  ['paused'],
);
assert.equal(simulator.deletions().length, 0, 'nothing goes while deletion is paused');
await onStack('resume', '--by', 'on-call');
say('a pause stops what is approved: run --remote exits with 3');

const swept = await retention(remotely);
const report = JSON.parse(swept.out);
assert.equal(report.stop_reason, 'done', swept.out);
assert.equal(report.trigger, 'manual', 'who started it is recorded through all slices');
const deletedBySweep = simulator.deletions().length;
assert.equal(report.counts.deleted, deletedBySweep);
assert.ok(deletedBySweep > 500, `${deletedBySweep} deletions are too few to tell`);
const slices = await slicesOf(/execution (\S+)\./.exec(swept.said)?.[1] ?? '');
assert.ok(slices > 1, 'one slice is too few to tell'); // the rate limit alone makes it two of three seconds
say(`run --remote deleted ${deletedBySweep} of ${conversations}, in ${slices} slices; it was shown as:`);
process.stdout.write(`${swept.said.trimEnd().replace(/^/gm, '    ')}\n`);

/** How often an execution invoked the sweep function. */
async function slicesOf(execution: string): Promise<number> {
  const executionArn = `${output('sweepStateMachine').replace(':stateMachine:', ':execution:')}:${execution}`;
  const history = await new SFNClient({}).send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
  );
  const { events = [] } = history;
  return events.filter(({ type }) => type === 'LambdaFunctionSucceeded').length;
}

const closed = [...simulator.conversations()].find(
  ({ json, deleted }) =>
    deleted === null &&
    json['state'] === 'closed' &&
    !JSON.stringify(json['tags']).includes('legal-hold') &&
    json['ticket'] === null,
)!;
const item = { type: 'conversation', id: closed.id };
const body = JSON.stringify(notification({ appId: 'simulated', topic: 'conversation.admin.closed', item }));
const send = (signature: string) =>
  fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-hub-signature': signature },
  });
const isDeleted = () => simulator.deletions().some(({ id }) => id === closed.id);
assert.equal((await fetch(url, { method: 'HEAD' })).status, 200);
assert.equal((await send(signatureOf(body, 'another-secret'))).status, 401);
assert.equal((await send(signatureOf(body, clientSecret))).status, 200);
for (let tries = 0; tries < 120 && !isDeleted(); tries += 1) await sleep(500);
assert.ok(isDeleted(), `the conversation ${closed.id} of the webhook is still there`);
webhook.kill();
say('a forged webhook got 401; a signed one led to its deletion');

const reconciled = await fire(output('reconcileSchedule'));
assert.equal(reconciled.status, 'SUCCEEDED');
assert.equal(reconciled.output.done, true);
const truth = simulator
  .deletions()
  .map(({ id, metricsRetained }) => `${id} ${metricsRetained}`)
  .toSorted();
say(`reconciled: ${JSON.stringify(reconciled.output.counts)}`);

interface AuditRecord {
  readonly conversation_id: string;
  readonly outcome: string;
  readonly metrics_retained: boolean | null;
}
const deletedIn = (ndjson: string): readonly string[] =>
  ndjson
    .split('\n')
    .filter((text) => text !== '')
    .map((text): AuditRecord => JSON.parse(text))
    .filter(({ outcome }) => outcome === 'deleted')
    .map(({ conversation_id, metrics_retained }) => `${conversation_id} ${metrics_retained}`)
    .toSorted();

const fromCommandLine = await onStack('audit', 'query', '--json');
assert.deepEqual(deletedIn(fromCommandLine.out), truth);
say(`the command line tells the simulator's truth: ${truth.length} deletions, with their metrics flags`);

const eventPath = join(folder, 'query.json');
const { requestContext, ...event } = functionUrlEvent({ method: 'GET', headers: {}, body: '' });
const authorizer = { iam: { userArn: 'arn:aws:iam::123456789012:role/auditor' } };
/** What the audit function answers, page by page: all at once takes the look-alike's table too long on a busy machine. */
async function askedOfFunction(): Promise<{ readonly ndjson: string; readonly pages: number }> {
  const query = new URLSearchParams({ limit: '300' });
  let ndjson = '';
  for (let pages = 1; ; pages += 1) {
    const rawQueryString = query.toString();
    const asked = { ...event, rawQueryString, requestContext: { ...requestContext, authorizer } };
    writeFileSync(eventPath, JSON.stringify(asked));
    const answer = JSON.parse(await local('invoke', output('auditFunction'), eventPath));
    assert.equal(answer.statusCode, 200);
    ndjson += answer.body;
    const next: string | undefined = answer.headers['x-next-page-token'];
    if (next === undefined) return { ndjson, pages };
    query.set('page_token', next);
  }
}
const fromFunction = await askedOfFunction();
assert.deepEqual(deletedIn(fromFunction.ndjson), truth);
say(`the audit function tells the same, in ${fromFunction.pages} pages`);

// What was recorded today is not sealed before tomorrow; so something was recorded the day before yesterday as well.
const recordedAt = instantFromMs(Date.now() - 48 * 3_600_000);
const trail = createAuditTrail(createDocumentClient(), output('auditTable'), {
  now: () => recordedAt,
  sleep: (delayMs) => sleep(delayMs),
});
await trail.putRunStarted(aRun({ workspaceId: brandId('simulated') }));
const sealed = await fire(output('sealSchedule'));
assert.equal(sealed.status, 'SUCCEEDED', JSON.stringify(sealed));
assert.equal(sealed.output.done, true);
assert.ok(sealed.output.sealed_days >= 1, JSON.stringify(sealed.output));
const { Contents: kept = [] } = await new S3Client({}).send(
  new ListObjectsV2Command({ Bucket: output('sealBucket') }),
);
const copies = kept.filter(({ Key: key = '' }) => key.endsWith('/seal.txt')).length;
assert.equal(copies, sealed.output.sealed_days);
await onStack('audit', 'verify', '--json');
say(`KMS signed ${copies} days, the bucket keeps their seals, and they verify`);

const logs = execFileSync(localAws, ['logs', '--dir', awsFolder], { encoding: 'utf8', maxBuffer: 1 << 28 });
for (const secret of ['a-token', clientSecret]) assert.ok(!logs.includes(secret), 'a secret was logged');
say(`no secret in ${logs.split('\n').length} lines of log`);

await run('cdk', [
  'destroy',
  '--force',
  '--context',
  'stage=rehearsal',
  '--context',
  `settings=${settingsPath}`,
  '--output',
  join(folder, 'cdk.destroy'),
]);
const { TableNames: left = [] } = await new DynamoDBClient({}).send(new ListTablesCommand({}));
assert.ok(left.includes(output('auditTable')) && left.includes(output('stateTable')), 'the tables must stay');
const noStack = await retention(['audit', 'query', '--json', '--stack', stackName], [2]);
assert.match(noStack.said, /^There is no stack IntercomRetention-rehearsal/);
const named = { AUDIT_TABLE: output('auditTable'), STATE_TABLE: output('stateTable') };
const args = ['cli/main.ts', 'audit', 'query', '--json', '--store', 'dynamodb', '--policy', policyPath];
assert.deepEqual(deletedIn((await run(process.execPath, args, { env: named })).out), truth);
await simulator.close();
say('the stack is gone; both tables stay, and the audit trail answers as before');
process.exit(0);
