import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { type Benchmark, countText, memoryRows, type Row } from './benchmark.ts';
import { commandFlags, runNode } from './watched-process.ts';

const few = 100_000;
const many = 1_000_000;
const loopFile = fileURLToPath(new URL('./seal-loop.ts', import.meta.url));

const timeSchema = z.object({ cpuMs: z.number(), ms: z.number() });
const answerSchema = z.object({
  reading: timeSchema,
  sealing: timeSchema,
  verifying: timeSchema,
  peakMegabytes: z.number(),
  plain: z.object({ cpuMs: z.number(), bytes: z.number() }),
  records: z.number(),
  findings: z.number(),
});

export const seal: Benchmark = {
  title: 'Sealing and verifying a day',
  about: `CPU time for each record to seal, and to verify, a day of ${countText(many)} outcomes that come as a stream, the list of the seal packed into a file and read back; making the records up is measured by itself and taken off. Held against plain SHA-256 over the same bytes in the same process. And the peak resident set of sealing and verifying in one process, for ${countText(few)} and ${countText(many)}. Right means that every record was verified and nothing found.`,
  async run() {
    const small = await sealAndVerify(few);
    const large = await sealAndVerify(many);
    return [
      timeRow('seal a record', large, large.sealing),
      timeRow('verify a record', large, large.verifying),
      ...memoryRows(`sealing and verifying ${countText(many)} records`, large, small, countText(few)),
    ];
  },
};

type Measured = Awaited<ReturnType<typeof sealAndVerify>>;

function timeRow(what: string, { reading, plain, wrong }: Measured, spent: { readonly cpuMs: number }): Row {
  const ours = ((spent.cpuMs - reading.cpuMs) * 1000) / many;
  const peer = (plain.cpuMs * 1000) / many;
  return {
    what,
    ours: `${ours.toFixed(1)} µs`,
    peer: `${peer.toFixed(1)} µs, plain SHA-256 of ${Math.round(plain.bytes / many)} bytes`,
    ratio: ours / peer,
    wrong,
  };
}

async function sealAndVerify(count: number) {
  const result = await runNode([...commandFlags, loopFile, String(count)]);
  if (result.code !== 0) throw new Error(`Sealing failed: ${result.stderr}`);
  const answer = answerSchema.parse(JSON.parse(result.stdout));
  const wrong =
    answer.records === count && answer.findings === 0
      ? []
      : [`${answer.records} of ${count} records verified, ${answer.findings} findings`];
  const seconds = (answer.sealing.ms + answer.verifying.ms) / 1000;
  return { ...answer, seconds, wrong };
}
