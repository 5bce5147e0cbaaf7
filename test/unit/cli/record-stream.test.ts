import { describe, expect, it } from 'vitest';
import { createOutput } from '#cli/output.ts';
import { chooseFormat, type RecordFormat, type RecordShape, writeRecords } from '#cli/record-stream.ts';
import { recordedStream } from '#support/recorded-stream.ts';

interface Fruit {
  readonly name: string;
  readonly count: number | null;
  readonly ripe: boolean;
}

const shape: RecordShape<Fruit> = {
  toObject: (fruit) => fruit,
  csv: { name: ({ name }) => name, count: ({ count }) => count, ripe: ({ ripe }) => ripe },
  table: { name: ({ name }) => name, count: ({ count }) => count },
};

async function print(format: RecordFormat, fruits: readonly Fruit[]): Promise<string> {
  const stdout = recordedStream({ isTTY: false });
  const output = createOutput({
    stdout,
    stderr: recordedStream({ isTTY: false }),
    json: false,
    quiet: false,
  });
  async function* all() {
    yield* fruits;
  }
  const written = await writeRecords(output, format, shape, all());
  expect(written).toBe(fruits.length);
  return stdout.written.join('');
}

const apple: Fruit = { name: 'apple', count: 3, ripe: true };
const odd: Fruit = { name: 'odd, "quoted"', count: null, ripe: false };

describe('writeRecords', () => {
  it('writes NDJSON as one object a line', async () => {
    expect(await print('ndjson', [apple, odd])).toBe(
      '{"name":"apple","count":3,"ripe":true}\n{"name":"odd, \\"quoted\\"","count":null,"ripe":false}\n',
    );
    expect(await print('ndjson', [])).toBe('');
  });

  it('writes CSV with one header row, an empty cell for null, and quotes where they are needed', async () => {
    expect(await print('csv', [apple, odd])).toBe(
      'name,count,ripe\napple,3,true\n"odd, ""quoted""",,false\n',
    );
  });

  it('writes the CSV header once, whatever the number of records', async () => {
    const many = Array.from({ length: 1001 }, () => apple);
    const lines = (await print('csv', many)).trimEnd().split('\n');
    expect(lines).toHaveLength(1002);
    expect(lines.filter((line) => line === 'name,count,ripe')).toHaveLength(1);
    expect(await print('csv', [])).toBe('name,count,ripe\n');
  });

  it('keeps a spreadsheet from taking a cell for a formula', async () => {
    expect(await print('csv', [{ ...apple, name: '=1+1' }])).toContain("'=1+1");
  });

  it('writes a table under its column names, and says when there is nothing', async () => {
    expect(await print('table', [apple, odd])).toBe(
      'name           count\napple          3\nodd, "quoted"\n',
    );
    expect(await print('table', [])).toBe('None.\n');
  });
});

describe('chooseFormat', () => {
  const formatOf = (isTTY: boolean, json: boolean, asked?: RecordFormat) => {
    const streams = { stdout: recordedStream({ isTTY }), stderr: recordedStream({ isTTY: false }) };
    return chooseFormat(createOutput({ ...streams, json, quiet: false }), asked);
  };

  it('shows a person a table, and gives NDJSON to a pipe and with json', () => {
    expect([formatOf(true, false), formatOf(false, false), formatOf(true, true)]).toEqual([
      'table',
      'ndjson',
      'ndjson',
    ]);
  });

  it('takes what was asked for before all else', () => {
    expect([formatOf(true, true, 'csv'), formatOf(false, false, 'table')]).toEqual(['csv', 'table']);
  });
});
