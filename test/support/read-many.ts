import { createDocumentClient } from '#audit/document-client.ts';
import { createWholeTable } from '#audit/whole-table.ts';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromIso } from '#policy/instant.ts';
import { checkTable } from '#seal/check-table.ts';

/** Reads a whole table at an endpoint and tells what it found. A process of its own, so that a test can give it little memory. */
const [endpoint = '', workspace = ''] = process.argv.slice(2);
const client = createDocumentClient({
  endpoint,
  region: 'local',
  credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
});
const { itemCount, unlisted } = await checkTable(createWholeTable(client, 'audit'), {
  workspaceId: brandId<WorkspaceId>(workspace),
  sealed: undefined,
  named: new Set(),
  clock: { now: () => instantFromIso('2026-11-21') }, // of the builders
  observe: () => undefined,
});
client.destroy();
process.stdout.write(JSON.stringify({ itemCount, unlisted: unlisted.map(({ key }) => key.sk) }));
