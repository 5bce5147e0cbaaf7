import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { workspace } from '#support/simulated-workspace.ts';

const run = promisify(execFile);
const mainFile = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

/** What the command may keep in its heap: less than the JSON that this workspace comes to. */
const heapMb = 48;
const conversations = 40_000;

describe('promise 13: memory does not grow with the workspace', () => {
  it(`plans, and compares two policies, over ${conversations} conversations in a heap of ${heapMb} MB, which could not hold them`, {
    timeout: 240_000,
  }, async () => {
    await using simulator = await workspace({
      generate: conversations,
      clock: Date.now,
      rateLimit: { perMinute: 6_000_000 },
    });
    const folder = await mkdtemp(join(tmpdir(), 'retention-memory-'));
    try {
      await writeFile(
        join(folder, 'retention.yaml'),
        `{version: 1, workspace: ${simulator.workspaceId}, scan: list, rules: [
             {id: old, when: {state: closed, last_activity: {older_than: 4y}}, retain_metrics: true}]}`,
      );
      const command = [`--max-old-space-size=${heapMb}`, mainFile, 'plan', '--json', '--quiet'];
      const env = { INTERCOM_ACCESS_TOKEN: 'test-token', INTERCOM_BASE_URL: simulator.url };
      const { stdout } = await run(process.execPath, command, { cwd: folder, env });
      expect(JSON.parse(stdout)).toMatchObject({
        scanned: conversations,
        workspace_id: simulator.workspaceId,
      });
      // Every second conversation is newly caught: they are counted, and not kept.
      await writeFile(
        join(folder, 'new.yaml'),
        `{version: 1, workspace: ${simulator.workspaceId}, scan: list, protect: {minimum_age: 0d}, rules: [
             {id: old, when: {state: closed}, retain_metrics: true}]}`,
      );
      const diff = ['policy', 'diff', 'retention.yaml', 'new.yaml', '--json', '--quiet'];
      const compared = await run(process.execPath, [`--max-old-space-size=${heapMb}`, mainFile, ...diff], {
        cwd: folder,
        env,
      });
      const document = JSON.parse(compared.stdout);
      expect(document.source.scanned).toBe(conversations);
      expect(document.totals.newly_caught).toBeGreaterThan(conversations / 3);
      const bytes = [...simulator.conversations()]
        .slice(0, 1000)
        .reduce((sum, { json }) => sum + JSON.stringify(json).length, 0);
      expect((bytes / 1000) * conversations).toBeGreaterThan(heapMb * 1_000_000);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
