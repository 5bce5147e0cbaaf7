import * as z from 'zod';
import { type Benchmark, countText, memoryRows } from './benchmark.ts';
import { openDesk } from './retention-desk.ts';
import { type SimulatedIntercom, simulateIntercom } from './simulated-intercom.ts';

const few = 100_000;
const many = 1_000_000;
const planSchema = z.object({ scanned: z.number(), candidates: z.number() });

type Scan = 'list' | 'search';

export const memory: Benchmark = {
  title: 'Memory of a plan',
  about: `the peak resident set (VmHWM) of \`retention plan --json\`, with store and simulator in processes of their own, no latency and no rate limit, and a policy that matches about 1 %; over ${countText(few)} and ${countText(many)} conversations, listed and searched. Right means that the list was read to its end and that both scans plan the same number.`,
  async run() {
    const small = await planBothWays(few);
    const large = await planBothWays(many);
    return (['list', 'search'] as const).flatMap((scan) =>
      memoryRows(
        `a plan by ${scan} of ${countText(many)} conversations`,
        large[scan],
        small[scan],
        countText(few),
      ),
    );
  },
};

async function planBothWays(conversations: number) {
  await using intercom = await simulateIntercom({ conversations });
  const list = await plan(intercom, 'list');
  const search = await plan(intercom, 'search');
  const wrong: string[] = [];
  if (list.scanned !== conversations) wrong.push(`the list read ${list.scanned} of ${conversations}`);
  if (list.candidates !== search.candidates) {
    wrong.push(`the list plans ${list.candidates}, the search ${search.candidates}`);
  }
  return { list: { ...list, wrong }, search: { ...search, wrong } };
}

async function plan(intercom: SimulatedIntercom, scan: Scan) {
  await using desk = await openDesk(intercom, { scan, rules: [oldAndClosed()] });
  const result = await desk.retention('plan', '--json', '--quiet');
  if (result.code !== 0) throw new Error(`The plan failed: ${result.stderr}${result.stdout}`);
  const { peakMegabytes = Number.NaN, seconds } = result;
  return { ...planSchema.parse(JSON.parse(result.stdout)), seconds, peakMegabytes };
}

/** The made-up conversations go back five years, and few of them that far. */
function oldAndClosed() {
  const before = new Date();
  before.setUTCMonth(before.getUTCMonth() - 59);
  const when = { state: 'closed', last_activity: { before: before.toISOString().slice(0, 10) } };
  return { id: 'old-and-closed', when, retain_metrics: true };
}
