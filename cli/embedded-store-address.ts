import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

/** Where the store process of a data folder listens, written by it and read by every command. */
const addressSchema = z.object({
  pid: z.number(),
  /** With a secret path, so that nobody but the reader of this file (mode 0600) gets in, web pages included. */
  endpoint: z.url(),
  /** Each command keeps a connection to this port as long as it needs the store. */
  controlPort: z.int().min(1).max(65_535),
  /** What the store says to whom connects, so that a port which now belongs to another program is not taken for it. */
  greeting: z.string().min(1),
});
export type StoreAddress = z.infer<typeof addressSchema>;

const addressFile = (dataDir: string): string => join(dataDir, 'store.json');

/** Undefined when no store has published one, or none that can be read. */
export async function readStoreAddress(dataDir: string): Promise<StoreAddress | undefined> {
  try {
    const json: unknown = JSON.parse(await readFile(addressFile(dataDir), 'utf8'));
    return addressSchema.safeParse(json).data;
  } catch {
    return undefined;
  }
}

/** At once and whole: a reader sees the old address or this one. */
export async function publishStoreAddress(dataDir: string, address: StoreAddress): Promise<void> {
  const temporary = `${addressFile(dataDir)}.${randomUUID()}`;
  await writeFile(temporary, JSON.stringify(address), { mode: 0o600 });
  await rename(temporary, addressFile(dataDir));
}

export const withdrawStoreAddress = (dataDir: string): Promise<void> =>
  rm(addressFile(dataDir), { force: true });
