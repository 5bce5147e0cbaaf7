import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

export interface PropertyReport {
  readonly seed: number;
  readonly passed: number;
  /** Each failed test by its file and its name, with what fast-check says of it. */
  readonly failed: readonly string[];
}

const root = join(import.meta.dirname, '../..');

const resultsSchema = z.object({
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

/** Every test file that has a property in it, run with another seed. */
export async function propertyRun(seed: number): Promise<PropertyReport> {
  const folder = await mkdtemp(join(tmpdir(), 'retention-properties-'));
  try {
    const results = join(folder, 'results.json');
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const options = ['--reporter=json', `--outputFile=${results}`];
    const child = spawn(process.execPath, [vitest, 'run', ...options, ...(await filesWithProperties())], {
      cwd: root,
      env: { ...process.env, PROPERTY_SEED: String(seed) },
      stdio: 'ignore',
    });
    await once(child, 'close');
    const { numPassedTests, testResults } = resultsSchema.parse(JSON.parse(await readFile(results, 'utf8')));
    const failed = testResults.flatMap(({ name, message, assertionResults }) => [
      ...(message === '' ? [] : [`${name}: ${message}`]),
      ...assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) => `${name}: ${fullName}: ${failureMessages.join('\n')}`),
    ]);
    return { seed, passed: numPassedTests, failed };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function filesWithProperties(): Promise<string[]> {
  const files = await readdir(join(root, 'test'), { recursive: true });
  const tests = files.filter((file) => file.endsWith('.test.ts')).map((file) => join('test', file));
  const texts = await Promise.all(tests.map((file) => readFile(join(root, file), 'utf8')));
  return tests.filter((_, at) => texts[at]!.includes("from 'fast-check'"));
}
