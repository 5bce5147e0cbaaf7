import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { type Benchmark, countText, type Row, seconds } from './benchmark.ts';
import { openDesk } from './retention-desk.ts';
import { type SimulatedIntercom, simulateIntercom, type TrueConversation } from './simulated-intercom.ts';
import { runNode } from './watched-process.ts';

const workspace = { conversations: 20_000, latencyMs: 60, callsPerMinute: 10_000 };
const deletions = 5_000;
/** One by one it would take five minutes. */
const deletionsOneByOne = 500;
const peerFile = fileURLToPath(new URL('./plain-script.ts', import.meta.url));

/** What the rate limit allows: whole windows of ten seconds, so many calls in each. */
const callsPerSecond = Math.ceil(workspace.callsPerMinute / 6) / 10;

export const sweep: Benchmark = {
  title: 'A whole sweep',
  about: `\`retention run --json\` from start to end (start-up, plan, ${countText(deletions)} deletions of ${countText(workspace.conversations)} conversations, audit, summary; policy approved in advance, pace 100 %, embedded store) with 60 ms latency and Intercom's limit of 10,000 calls a minute; against the time in which the limit lets as many calls pass, and against a plain script with the official \`intercom-client\` that lists all, filters and deletes.`,
  async run() {
    const ours = await measureOurs();
    const oneByOne = await measureScript(1);
    const together = await measureScript(20);
    const limitSeconds = ours.calls / callsPerSecond;
    const oursText = `${seconds(ours.seconds)}, ${countText(ours.calls)} calls, ${ours.rateLimited} × 429`;
    return [
      {
        what: 'sweep against what the limit allows',
        ours: oursText,
        peer: `${seconds(limitSeconds)} for ${countText(ours.calls)} calls`,
        ratio: ours.seconds / limitSeconds,
        aim: 1.05,
        wrong: ours.wrong,
      },
      againstScript(
        'sweep against a script, one by one',
        ours,
        oneByOne,
        `; ${deletionsOneByOne} deletions measured and scaled up`,
      ),
      againstScript('sweep against a script, 20 at a time', ours, together, ''),
    ];
  },
};

interface Measured {
  readonly seconds: number;
  readonly calls: number;
  /** 429s of our own making. */
  readonly rateLimited: number;
  readonly wrong: readonly string[];
}

function againstScript(what: string, ours: Measured, script: Measured, how: string): Row {
  const unright = script.wrong.map((each) => `the script: ${each}`);
  return {
    what,
    ours: seconds(ours.seconds),
    peer: `${seconds(script.seconds)}, ${script.rateLimited} × 429${how}`,
    ratio: ours.seconds / script.seconds,
    wrong: [...ours.wrong, ...unright],
  };
}

async function measureOurs(): Promise<Measured> {
  await using intercom = await simulateIntercom(workspace);
  const target = targetOf(await intercom.conversations());
  await using desk = await openDesk(intercom, {
    rules: [
      {
        id: 'old-and-closed',
        when: {
          state: 'closed',
          last_activity: { before: `${new Date(target.before * 1000).toISOString().slice(0, 19)}Z` },
        },
        retain_metrics: true,
      },
    ],
  });
  await desk.approvePolicy();
  const result = await desk.retention('run', '--json', '--quiet');
  const { calls, rateLimited } = await intercom.stats();
  const wrong = await differences(intercom, target.ids);
  if (result.code !== 0) wrong.push(`exit code ${result.code}: ${result.stderr}${result.stdout}`);
  if (rateLimited.own > 0) wrong.push(`${rateLimited.own} answers with 429 of our own making`);
  return { seconds: result.seconds, calls, rateLimited: rateLimited.own, wrong };
}

const scriptSchema = z.object({
  listSeconds: z.number(),
  deleteSeconds: z.number(),
  deleted: z.number(),
  failed: z.number(),
});

async function measureScript(width: number): Promise<Measured> {
  await using intercom = await simulateIntercom(workspace);
  const target = targetOf(await intercom.conversations());
  const most = width === 1 ? deletionsOneByOne : deletions;
  const args = [intercom.url, intercom.token, target.before, most, width].map(String);
  const result = await runNode([peerFile, ...args]);
  if (result.code !== 0) throw new Error(`The script failed: ${result.stderr}`);
  const { deleteSeconds, deleted, failed } = scriptSchema.parse(JSON.parse(result.stdout));
  const { calls, rateLimited } = await intercom.stats();
  const scaled = result.seconds + deleteSeconds * (deletions / most - 1);
  const wrong = most < deletions ? [] : await differences(intercom, target.ids);
  if (failed > 0) wrong.push(`${failed} deletions gave up`);
  if (deleted + failed !== most) wrong.push(`${deleted} deletions instead of ${most}`);
  return { seconds: scaled, calls, rateLimited: rateLimited.own, wrong };
}

interface Target {
  /** UNIX seconds. */
  readonly before: number;
  readonly ids: Set<string>;
}

/** The closed conversations without a ticket, up to the instant before which there are as many as are to be deleted. */
function targetOf(conversations: readonly TrueConversation[]): Target {
  const eligible = conversations
    .filter(isEligible)
    .toSorted((one, other) => one.json.updated_at - other.json.updated_at);
  const before = eligible[deletions]?.json.updated_at ?? Number.NaN;
  const ids = eligible.filter(({ json }) => json.updated_at < before).map(({ id }) => id);
  return { before, ids: new Set(ids) };
}

const isEligible = ({ json }: TrueConversation): boolean =>
  json.state === 'closed' &&
  json.ticket === null &&
  !(json.linked_objects?.data.some(({ type }) => type === 'ticket') ?? false);

async function differences(intercom: SimulatedIntercom, expected: Set<string>): Promise<string[]> {
  const deleted = await intercom.deletedIds();
  const missed = expected.difference(deleted).size;
  const unexpected = deleted.difference(expected).size;
  return [
    ...(missed > 0 ? [`${missed} of ${expected.size} were not deleted`] : []),
    ...(unexpected > 0 ? [`${unexpected} were deleted that should have stayed`] : []),
  ];
}
