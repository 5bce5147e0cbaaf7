import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { type Benchmark, countText, median, type Row } from './benchmark.ts';
import { type SimulatedIntercom, simulateIntercom } from './simulated-intercom.ts';
import { runNode } from './watched-process.ts';

const rounds = 3;
const callsPerRound = 5_000;
const loopFile = fileURLToPath(new URL('./call-loop.ts', import.meta.url));
const answerSchema = z.object({ microseconds: z.number(), failed: z.number() });

type Kind = 'read' | 'delete';
/** `parsing` is `bare` with a `JSON.parse` of the answer. */
const clients = ['ours', 'bare', 'parsing'] as const;
type Client = (typeof clients)[number];

export const cpu: Benchmark = {
  title: 'CPU per call',
  about: `user and system CPU time of one call by the Intercom client (pacing, headers, JSON, decoding into facts), against a loop on bare \`node:http\` with kept-alive connections that sends the same request and takes in the answer as text, and against the same loop with a \`JSON.parse\`; the median of ${rounds} rounds of ${countText(callsPerRound)} calls, 16 in flight, each in a process of its own.`,
  async run() {
    await using intercom = await simulateIntercom({ conversations: clients.length * rounds * callsPerRound });
    const ids = (await intercom.conversations()).map(({ id }) => id);
    return [...(await compare(intercom, 'read', ids)), ...(await compare(intercom, 'delete', ids))];
  },
};

async function compare(intercom: SimulatedIntercom, kind: Kind, ids: readonly string[]): Promise<Row[]> {
  const unused = [...ids];
  const taken: Record<Client, number[]> = { ours: [], bare: [], parsing: [] };
  let failed = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const client of clients) {
      // Nothing can be deleted twice.
      const measured = await loop(intercom, client, kind, unused.splice(0, callsPerRound));
      taken[client].push(measured.microseconds);
      failed += measured.failed;
    }
  }
  const [ours, bare, parsing] = [median(taken.ours), median(taken.bare), median(taken.parsing)];
  const wrong = failed > 0 ? [`${failed} calls failed`] : [];
  const row = { what: `CPU of one ${kind}`, ours: microseconds(ours), wrong };
  return [
    { ...row, peer: `${microseconds(bare)}, bare`, ratio: ours / bare, aim: 2 },
    { ...row, peer: `${microseconds(parsing)}, bare with JSON.parse`, ratio: ours / parsing },
  ];
}

const microseconds = (value: number): string => `${Math.round(value)} µs`;

async function loop(intercom: SimulatedIntercom, client: Client, kind: Kind, ids: readonly string[]) {
  const result = await runNode([loopFile, client, kind, intercom.url, intercom.token], {
    stdin: ids.join('\n'),
  });
  if (result.code !== 0) throw new Error(`The loop of calls failed: ${result.stderr}`);
  return answerSchema.parse(JSON.parse(result.stdout));
}
