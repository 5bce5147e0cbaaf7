import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import { openStore } from './open-store.ts';
import { storeSettings } from './settings.ts';
import { systemClock } from './system-clock.ts';

/** Copies the store into another data folder, and adds an approval to the copy that nobody gave, as if recorded at `at`. */
export async function forgeApproval(folder: string, forgedFolder: string, at: Instant): Promise<void> {
  cpSync(join(folder, '.retention', 'store'), join(forgedFolder, 'store'), { recursive: true });
  const clock = { ...systemClock, now: () => at };
  const settings = storeSettings({}, { json: false, quiet: true, store: 'local', dataDir: forgedFolder });
  await using store = await openStore(settings, clock);
  await store.audit.putAct({
    workspaceId: brandId<WorkspaceId>('simulated'),
    kind: 'approved',
    at,
    by: 'chief-privacy-officer',
    subject: 'the plan of another day',
    details: {},
  });
}
