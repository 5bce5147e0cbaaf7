import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { WorkspaceId } from '#policy/ids.ts';
import { type Instant, toIso } from '#policy/instant.ts';
import { LeaseLostError, StoreError } from '#sweep/errors.ts';
import type { Fence, LeaseGrant, LeaseLane, LeaseRequest } from '#sweep/ports.ts';
import { type Item, instantOf, optionalNumberOf, optionalTextOf } from './item.ts';
import { leaseKey } from './keys.ts';
import { getItem, holds, type StoreTable } from './store-table.ts';

/**
 * One item a workspace and lane: who holds it until when, a fence that only grows, and the run that the holder is at (see
 * `run-states.ts`). Letting go keeps the fence.
 */

/** So many others can take or renew the lease between a read and its write before the taker gives up. */
const maxRaces = 20;

export async function takeLease(table: StoreTable, request: LeaseRequest): Promise<LeaseGrant> {
  for (let race = 0; race < maxRaces; race += 1) {
    const item = await getItem(table, leaseKey(request.workspaceId, request.lane));
    const holder = item === undefined ? undefined : optionalTextOf(item, 'holder');
    if (item !== undefined && holder !== undefined && holder !== request.holder) {
      const expiresAt = instantOf(item, 'expires_at');
      const isFree = expiresAt <= request.now || request.isGone(holder);
      if (!isFree) return { granted: false, holder, expiresAt };
    }
    const fence = (item === undefined ? 0 : (optionalNumberOf(item, 'fence') ?? 0)) + 1;
    if (await replace(table, request, item, fence)) return { granted: true, fence };
  }
  throw new StoreError(
    `The lease of the workspace ${request.workspaceId} changed hands ${maxRaces} times while it was asked for; run again.`,
    { retryable: true },
  );
}

/** True when the lease was still as it was seen: neither taken nor renewed nor let go since. */
function replace(
  { client, tableName }: StoreTable,
  request: LeaseRequest,
  seen: Item | undefined,
  fence: Fence,
): Promise<boolean> {
  const seenExpiry = seen === undefined ? undefined : optionalTextOf(seen, 'expires_at');
  const asSeen =
    seen === undefined
      ? 'attribute_not_exists(pk)'
      : `fence = :seenFence AND ${seenExpiry === undefined ? 'attribute_not_exists(expires_at)' : 'expires_at = :seenExpiry'}`;
  return holds(
    client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { ...leaseKey(request.workspaceId, request.lane) },
        UpdateExpression: 'SET holder = :holder, expires_at = :expiresAt, fence = :fence',
        ConditionExpression: asSeen,
        ExpressionAttributeValues: {
          ':holder': request.holder,
          ':expiresAt': toIso(request.expiresAt),
          ':fence': fence,
          ...(seen === undefined ? {} : { ':seenFence': fence - 1 }),
          ...(seenExpiry === undefined ? {} : { ':seenExpiry': seenExpiry }),
        },
      }),
    ),
  );
}

/** @throws LeaseLostError when another holder has taken it, or it was released. */
export async function renewLease(
  { client, tableName }: StoreTable,
  workspaceId: WorkspaceId,
  fence: Fence,
  expiresAt: Instant,
  lane?: LeaseLane,
): Promise<void> {
  const renewed = await holds(
    client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { ...leaseKey(workspaceId, lane) },
        UpdateExpression: 'SET expires_at = :expiresAt',
        ConditionExpression: 'fence = :fence AND attribute_exists(holder)',
        ExpressionAttributeValues: { ':expiresAt': toIso(expiresAt), ':fence': fence },
      }),
    ),
  );
  if (!renewed) throw leaseLost(workspaceId);
}

/** Does nothing when another holder has it by now. */
export async function releaseLease(
  { client, tableName }: StoreTable,
  workspaceId: WorkspaceId,
  fence: Fence,
  lane?: LeaseLane,
): Promise<void> {
  await holds(
    client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { ...leaseKey(workspaceId, lane) },
        UpdateExpression: 'REMOVE holder, expires_at',
        ConditionExpression: 'fence = :fence',
        ExpressionAttributeValues: { ':fence': fence },
      }),
    ),
  );
}

/** The fence of whoever took the lease last; undefined when nobody ever has. */
export async function readFence(table: StoreTable, workspaceId: WorkspaceId): Promise<Fence | undefined> {
  const item = await getItem(table, leaseKey(workspaceId));
  return item === undefined ? undefined : optionalNumberOf(item, 'fence');
}

export const leaseLost = (workspaceId: WorkspaceId): LeaseLostError =>
  new LeaseLostError(
    `Another process has taken over the workspace ${workspaceId}, so this one stops; its work is gone on with there.`,
  );
