import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Written } from '#sweep/ports.ts';
import type { Item } from './item.ts';
import type { PrimaryKey } from './keys.ts';

/** One table and the way to it. */
export interface StoreTable {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

/** Strongly consistent. */
export async function getItem(table: StoreTable, key: PrimaryKey): Promise<Item | undefined> {
  const { client, tableName } = table;
  const { Item } = await client.send(
    new GetCommand({ TableName: tableName, Key: { ...key }, ConsistentRead: true }),
  );
  return Item;
}

/**
 * The first writer wins. A put whose answer was lost is sent again by the SDK and then says `already_there`, which is true
 * of it, too.
 */
export async function putIfAbsent(table: StoreTable, item: Item): Promise<Written> {
  const { client, tableName } = table;
  const command = new PutCommand({
    TableName: tableName,
    Item: { ...item },
    ConditionExpression: 'attribute_not_exists(pk)',
  });
  return (await holds(client.send(command))) ? 'written' : 'already_there';
}

/** Whether the condition of a conditional write held. */
export async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

export interface ItemPage {
  readonly items: readonly Item[];
  readonly lastKey: Item | undefined;
}

/** One page after `lastKey`, at most 1 MB. */
export async function queryPage(
  { client, tableName }: StoreTable,
  query: Omit<QueryCommandInput, 'TableName'>,
  lastKey: Item | undefined,
): Promise<ItemPage> {
  const answer = await client.send(
    new QueryCommand({
      ...query,
      TableName: tableName,
      ...(lastKey === undefined ? {} : { ExclusiveStartKey: { ...lastKey } }),
    }),
  );
  return { items: answer.Items ?? [], lastKey: answer.LastEvaluatedKey };
}

/** Every item of a query, one page in memory at a time. */
export async function* queryItems(
  table: StoreTable,
  query: Omit<QueryCommandInput, 'TableName'>,
): AsyncGenerator<Item> {
  let lastKey: Item | undefined;
  do {
    const page = await queryPage(table, query, lastKey);
    yield* page.items;
    lastKey = page.lastKey;
  } while (lastKey !== undefined);
}

/** The items of one partition of the table itself whose sort key begins with `prefix`, strongly consistent. */
export const partitionQuery = (pk: string, prefix: string): Omit<QueryCommandInput, 'TableName'> => ({
  KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
  ExpressionAttributeValues: prefix === '' ? { ':pk': pk } : { ':pk': pk, ':prefix': prefix },
  ConsistentRead: true,
});
