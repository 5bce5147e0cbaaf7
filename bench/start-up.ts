import { type Benchmark, median, type Row } from './benchmark.ts';
import { openDesk } from './retention-desk.ts';
import { command, runNode } from './watched-process.ts';

const rounds = 7;
const nowhere = { url: 'http://127.0.0.1:9', token: 'none', workspaceId: 'bench' };

export const startUp: Benchmark = {
  title: 'Start-up',
  about: `the time from start to end of \`retention --help\`, and of \`retention status 1\` which also starts the embedded store and makes its tables, against \`node -e 0\`; the median of ${rounds} rounds.`,
  async run() {
    const node: number[] = [];
    const help: number[] = [];
    const status: number[] = [];
    const wrong: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      node.push((await runNode(['-e', '0'])).seconds);
      const helped = await runNode([...command, '--help']);
      help.push(helped.seconds);
      await using desk = await openDesk(nowhere, { rules: [] });
      const asked = await desk.retention('status', '1');
      status.push(asked.seconds);
      if (helped.code !== 0) wrong.push(`--help: ${helped.stderr}`);
      if (asked.code !== 0) wrong.push(`status: ${asked.stderr}`);
    }
    return [
      rowOf('retention --help', median(help), median(node), wrong),
      rowOf('retention status 1, on an empty embedded store', median(status), median(node), wrong),
    ];
  },
};

const rowOf = (what: string, ours: number, node: number, wrong: readonly string[]): Row => ({
  what,
  ours: `${Math.round(ours * 1000)} ms`,
  peer: `${Math.round(node * 1000)} ms for node -e 0`,
  ratio: ours / node,
  wrong,
});
