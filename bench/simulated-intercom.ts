import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { command, endProcess, startNode } from './watched-process.ts';

const readySchema = z.object({ url: z.string(), token: z.string(), workspace_id: z.string() });
const statsSchema = z.object({
  calls: z.number(),
  rateLimited: z.object({ own: z.number() }),
  maxConcurrent: z.number(),
});
const conversationSchema = z.object({
  id: z.string(),
  json: z.object({
    state: z.string(),
    updated_at: z.number(),
    ticket: z.unknown(),
    linked_objects: z.object({ data: z.array(z.object({ type: z.string() })) }).nullable(),
  }),
});
const deletionSchema = z.object({ id: z.string() });

export type TrueConversation = z.infer<typeof conversationSchema>;

/** The simulator in a process of its own, and what it knows. */
export interface SimulatedIntercom extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly workspaceId: string;
  /** Answers so far: all, and the 429s of our own making. */
  stats(): Promise<z.infer<typeof statsSchema>>;
  /** The ground truth: what the simulator knows, not what its API shows. */
  conversations(): Promise<readonly TrueConversation[]>;
  deletedIds(): Promise<Set<string>>;
}

export interface SimulationOptions {
  readonly conversations: number;
  readonly latencyMs?: number;
  /** Practically none unless given; with none at all there would be no headers to pace by. */
  readonly callsPerMinute?: number;
}

const practicallyUnlimited = 600_000_000;

export async function simulateIntercom(options: SimulationOptions): Promise<SimulatedIntercom> {
  const { conversations, latencyMs = 0, callsPerMinute = practicallyUnlimited } = options;
  const folder = await mkdtemp(join(tmpdir(), 'retention-bench-'));
  const settings = join(folder, 'settings.json');
  writeFileSync(settings, JSON.stringify({ latencyMs, rateLimit: { perMinute: callsPerMinute } }));
  const count = String(conversations);
  const child = startNode([
    ...command,
    'simulate',
    '--json',
    '--conversations',
    count,
    '--settings',
    settings,
  ]);
  const { url, token, workspace_id: workspaceId } = readySchema.parse(JSON.parse(await firstLine(child)));
  const ask = async (path: string): Promise<string> => (await fetch(`${url}/_simulator/${path}`)).text();
  return {
    url,
    token,
    workspaceId,
    stats: async () => statsSchema.parse(JSON.parse(await ask('stats'))),
    conversations: async () => parseLines(await ask('conversations'), conversationSchema),
    deletedIds: async () => new Set(parseLines(await ask('deletions'), deletionSchema).map(({ id }) => id)),
    async [Symbol.asyncDispose]() {
      await endProcess(child);
      rmSync(folder, { recursive: true });
    },
  };
}

async function firstLine(child: ReturnType<typeof startNode>): Promise<string> {
  child.stderr.resume();
  for await (const line of createInterface({ input: child.stdout })) {
    child.stdout.resume();
    return line;
  }
  throw new Error('The simulator ended before it was ready.');
}

export const parseLines = <Line>(lines: string, schema: z.ZodType<Line>): readonly Line[] =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => schema.parse(JSON.parse(line)));
