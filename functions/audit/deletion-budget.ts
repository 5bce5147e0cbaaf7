import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { WorkspaceId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import { StoreError } from '#sweep/errors.ts';
import type { Reservation, ReservationAnswer } from '#sweep/ports.ts';
import { type Budget, deletionsInLastDay, emptyBudget, holdsReservation, reserve, settle } from './budget.ts';
import { numberOf } from './item.ts';
import { budgetKey } from './keys.ts';
import { budgetAttribute } from './record-attribute.ts';
import { getItem, holds, type StoreTable } from './store-table.ts';

/**
 * One item a workspace, so that the count and its change are one conditional write: every writer names the version that it
 * has read, and the one that comes late reads again. One of those who collide always gets through.
 */
interface StoredBudget {
  readonly budget: Budget;
  /** 0 when nothing is stored yet. */
  readonly version: number;
}

/** More collisions in a row than there can be writers. */
const maxRaces = 100;

export async function readDeletionsInLastDay(
  table: StoreTable,
  workspaceId: WorkspaceId,
  now: Instant,
): Promise<number> {
  return deletionsInLastDay((await readBudget(table, workspaceId)).budget, now);
}

/**
 * A key that holds a reservation keeps it as it is. One that has been settled is free, and would reserve anew: a caller
 * settles when it will not ask again.
 */
export async function reserveDeletions(
  table: StoreTable,
  reservation: Reservation,
): Promise<ReservationAnswer> {
  const { workspaceId, key, now } = reservation;
  for (let race = 0; race < maxRaces; race += 1) {
    const stored = await readBudget(table, workspaceId);
    if (holdsReservation(stored.budget, key, now)) return { reserved: true, isNew: false };
    const next = reserve(stored.budget, reservation);
    if (next === undefined) return { reserved: false, used: deletionsInLastDay(stored.budget, now) };
    if (await writeBudget(table, workspaceId, stored, next)) return { reserved: true, isNew: true };
  }
  throw tooManyRaces(workspaceId);
}

/** Does nothing when the key holds no reservation, so that it can be repeated. */
export async function settleReservation(
  table: StoreTable,
  workspaceId: WorkspaceId,
  key: string,
  actual: number,
  now: Instant,
): Promise<void> {
  for (let race = 0; race < maxRaces; race += 1) {
    const stored = await readBudget(table, workspaceId);
    const next = settle(stored.budget, key, actual, now);
    if (next === undefined) return;
    if (await writeBudget(table, workspaceId, stored, next)) return;
  }
  throw tooManyRaces(workspaceId);
}

async function readBudget(table: StoreTable, workspaceId: WorkspaceId): Promise<StoredBudget> {
  const item = await getItem(table, budgetKey(workspaceId));
  return item === undefined
    ? { budget: emptyBudget, version: 0 }
    : { budget: budgetAttribute.fromItem(item), version: numberOf(item, 'version') };
}

/** True when nobody has written since `seen` was read. */
const writeBudget = (
  { client, tableName }: StoreTable,
  workspaceId: WorkspaceId,
  seen: StoredBudget,
  next: Budget,
): Promise<boolean> =>
  holds(
    client.send(
      new PutCommand({
        TableName: tableName,
        Item: { ...budgetKey(workspaceId), ...budgetAttribute.toAttribute(next), version: seen.version + 1 },
        ConditionExpression: seen.version === 0 ? 'attribute_not_exists(pk)' : 'version = :seen',
        ...(seen.version === 0 ? {} : { ExpressionAttributeValues: { ':seen': seen.version } }),
      }),
    ),
  );

const tooManyRaces = (workspaceId: WorkspaceId): StoreError =>
  new StoreError(
    `The count of the deletions of the workspace ${workspaceId} was changed by others ${maxRaces} times in a row; run again.`,
    { retryable: true },
  );
