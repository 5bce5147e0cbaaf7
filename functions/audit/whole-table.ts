import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { WorkspaceId } from '#policy/ids.ts';
import type { ItemPlace, StandingItem, WholeTable } from '#seal/standing-item.ts';
import type { Item } from './item.ts';
import { journalDayOf } from './journal.ts';
import { inWorkspace } from './key-parts.ts';
import type { PrimaryKey } from './keys.ts';
import { recordKindOf } from './record-kind.ts';
import { isKeyOfSeals } from './seal-keys.ts';

/** What places an item, and when it says that it was recorded. */
const attributesRead = ['pk', 'sk', 'by_day', 'by_rule', 'by_run', 'at', 'recorded_at'] as const;

/**
 * Reads the audit table from end to end, one page in memory at a time. It is the only reader that scans, which no function of the
 * deployed stack may: it is for whoever verifies the audit.
 */
export const createWholeTable = (client: DynamoDBDocumentClient, tableName: string): WholeTable => ({
  async *items(workspaceId) {
    let lastKey: Item | undefined;
    do {
      const page = await client.send(
        new ScanCommand({
          TableName: tableName,
          ConsistentRead: true,
          ProjectionExpression: attributesRead.map((name) => `#${name}`).join(', '),
          ExpressionAttributeNames: Object.fromEntries(attributesRead.map((name) => [`#${name}`, name])),
          ...(lastKey === undefined ? {} : { ExclusiveStartKey: { ...lastKey } }),
        }),
      );
      for (const item of page.Items ?? []) {
        const standing = toStandingItem(workspaceId, item);
        if (standing !== undefined) yield standing;
      }
      lastKey = page.LastEvaluatedKey;
    } while (lastKey !== undefined);
  },
});

/**
 * Undefined for an item by which no question about this workspace is answered: neither its key nor an index has it there. An item
 * that is only in an index counts, since it says by itself of which conversation it is.
 */
export function toStandingItem(workspaceId: WorkspaceId, item: Item): StandingItem | undefined {
  const workspace = inWorkspace(workspaceId);
  const partitions = [item['pk'], item['by_day'], item['by_rule'], item['by_run']];
  if (!partitions.some((partition) => isIn(workspace, partition))) return undefined;
  const key = { pk: String(item['pk']), sk: String(item['sk']) };
  const recordedAt = item['recorded_at'];
  return {
    key,
    kind: recordKindOf(key),
    recordedAt: typeof recordedAt === 'string' ? recordedAt : undefined,
    place: placeOf(workspaceId, key, item),
  };
}

const isIn = (workspace: string, partition: unknown): boolean =>
  typeof partition === 'string' && (partition === workspace || partition.startsWith(`${workspace}#`));

function placeOf(workspaceId: WorkspaceId, key: PrimaryKey, item: Item): ItemPlace {
  const day = journalDayOf(workspaceId, item);
  if (day !== undefined) return { kind: 'journal', day };
  // Nothing of the seals is in an index: what is shows there as an outcome, whatever its key.
  const isIndexed = ['by_day', 'by_rule', 'by_run', 'at'].some((name) => item[name] !== undefined);
  return isKeyOfSeals(workspaceId, key) && !isIndexed ? { kind: 'seals' } : { kind: 'unlisted' };
}
