import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Benchmark, Row } from './benchmark.ts';

export interface Result {
  readonly name: string;
  readonly benchmark: Benchmark;
  readonly rows: readonly Row[];
}

/** The page of results, in Markdown. */
export const resultsPage = (results: readonly Result[], now: Date): string =>
  [
    '# Benchmark results',
    '',
    `${now.toISOString().slice(0, 10)}, ${machine()}.`,
    '',
    '| benchmark | measured | ours | held against | ratio | aim | right? |',
    '|---|---|---|---|---|---|---|',
    ...results.flatMap(({ name, rows }) => rows.map((row) => line(name, row))),
    '',
    ...results.map(({ name, benchmark }) => `- **${name}**: ${benchmark.about}`),
    '',
  ].join('\n');

const machine = (): string =>
  `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}, Node ${process.version}`;

function line(name: string, row: Row): string {
  const cells = [name, row.what, row.ours, row.peer, ratioText(row.ratio), aimText(row), rightText(row)];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

const ratioText = (ratio: number): string => (Number.isNaN(ratio) ? '' : `**${ratio.toFixed(2)}**`);

const aimText = ({ aim, ratio }: Row): string =>
  aim === undefined || Number.isNaN(ratio) ? '' : `≤ ${aim} ${ratio <= aim ? 'met' : '**missed**'}`;

const rightText = ({ wrong }: Row): string => (wrong.length === 0 ? 'yes' : `**no**: ${wrong.join('; ')}`);
