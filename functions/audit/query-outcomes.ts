import type { ConversationId, WorkspaceId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import { canBeConfirmed, resolveOutcome } from '#sweep/classify-deletion.ts';
import { StoreError } from '#sweep/errors.ts';
import type { Confirmation, Outcome, QueriedOutcome } from '#sweep/outcome.ts';
import type { Clock, OutcomeFilter } from '#sweep/ports.ts';
import { batchGet } from './batch-get.ts';
import { fromConfirmationItem } from './confirmation-item.ts';
import { inOrder } from './in-order.ts';
import { type Item, instantOf, textOf } from './item.ts';
import { confirmationKey, conversationPartition, outcomeSortBound, runListPartition } from './keys.ts';
import { matchesFilter } from './matches-filter.ts';
import { fromOutcomeItem } from './outcome-item.ts';
import { type IndexPartition, outcomePartitions, type TimeSpan } from './outcome-partitions.ts';
import { partitionQuery, queryItems, queryPage, type StoreTable } from './store-table.ts';

/** Bounds what is in memory: a page is about a quarter of a megabyte as it comes from the store. */
const outcomesPerPage = 250;
/** Most days of most workspaces are empty, so several are asked for at once. */
const partitionsAhead = 4;
/** The clocks of the machines that wrote may differ from ours by this much. */
const clockDifferenceMs = 3_600_000;

/**
 * Outcomes that match, oldest first, read page by page from the narrowest access path that there is. The indexes are
 * eventually consistent: an outcome of the last second may still be missing.
 */
export async function* queryOutcomes(
  table: StoreTable,
  clock: Clock,
  workspaceId: WorkspaceId,
  filter: OutcomeFilter,
): AsyncGenerator<QueriedOutcome> {
  if (filter.conversationId !== undefined) {
    yield* (await outcomesOfConversation(table, workspaceId, filter.conversationId)).filter((queried) =>
      matchesFilter(queried, filter),
    );
    return;
  }
  const span = await spanOf(table, clock, workspaceId, filter);
  if (span === undefined) return;
  const readPage = (partition: IndexPartition, lastKey: Item | undefined) =>
    readOutcomePage(table, clock, partition, span, lastKey);

  const firstPages = inOrder(
    outcomePartitions(workspaceId, filter, span),
    partitionsAhead,
    async (partition) => ({ partition, page: await readPage(partition, undefined) }),
  );
  for await (const { partition, page: firstPage } of firstPages) {
    for (let page = firstPage; ; page = await readPage(partition, page.lastKey)) {
      yield* page.outcomes.filter((queried) => matchesFilter(queried, filter));
      if (page.lastKey === undefined) break;
    }
  }
}

/** Everything on one conversation, oldest first. Strongly consistent. */
export async function outcomesOfConversation(
  table: StoreTable,
  workspaceId: WorkspaceId,
  id: ConversationId,
): Promise<readonly QueriedOutcome[]> {
  const outcomes: Outcome[] = [];
  let confirmation: Confirmation | undefined;
  const { sk: confirmationSortKey } = confirmationKey(workspaceId, id);
  for await (const item of queryItems(table, partitionQuery(conversationPartition(workspaceId, id), ''))) {
    if (item['sk'] === confirmationSortKey) confirmation = fromConfirmationItem(item);
    else outcomes.push(fromOutcomeItem(item));
  }
  return outcomes
    .toSorted((one, other) => one.recordedAt - other.recordedAt)
    .map((outcome) => join(outcome, confirmation));
}

/**
 * The span to look through; undefined when this workspace has never had a run.
 * @throws StoreError when the first run is one of the future: made up, it would have every question answered with nothing.
 */
async function spanOf(
  table: StoreTable,
  clock: Clock,
  workspaceId: WorkspaceId,
  filter: OutcomeFilter,
): Promise<TimeSpan | undefined> {
  const query = { ...partitionQuery(runListPartition(workspaceId), ''), Limit: 1 };
  const [firstRun] = (await queryPage(table, query, undefined)).items;
  if (firstRun === undefined) return undefined;
  const earliest = instantOf(firstRun, 'started_at') - clockDifferenceMs;
  const latest = clock.now() + clockDifferenceMs;
  if (earliest > clock.now()) throw runOfTheFuture(firstRun);
  return {
    from: instantFromMs(Math.max(earliest, filter.from ?? earliest, filter.after?.recordedAt ?? earliest)),
    until: instantFromMs(Math.min(latest, filter.until ?? latest)),
  };
}

const runOfTheFuture = (run: Item): StoreError =>
  new StoreError(
    `The first run of the audit, ${textOf(run, 'sk')}, begins at ${textOf(run, 'started_at')}, which is still to come; something other than this tool has written it, or a clock is wrong.`,
    { retryable: false },
  );

interface OutcomePage {
  readonly outcomes: readonly QueriedOutcome[];
  readonly lastKey: Item | undefined;
}

async function readOutcomePage(
  table: StoreTable,
  clock: Clock,
  { index, value }: IndexPartition,
  { from, until }: TimeSpan,
  lastKey: Item | undefined,
): Promise<OutcomePage> {
  const page = await queryPage(
    table,
    {
      IndexName: index,
      KeyConditionExpression: '#partition = :partition AND #at BETWEEN :from AND :until',
      ExpressionAttributeNames: { '#partition': index, '#at': 'at' },
      ExpressionAttributeValues: {
        ':partition': value,
        ':from': outcomeSortBound(from),
        ':until': outcomeSortBound(until),
      },
      Limit: outcomesPerPage,
    },
    lastKey,
  );
  const outcomes = page.items.map(fromOutcomeItem);
  return { outcomes: await withConfirmations(table, clock, outcomes), lastKey: page.lastKey };
}

async function withConfirmations(
  table: StoreTable,
  clock: Clock,
  outcomes: readonly Outcome[],
): Promise<readonly QueriedOutcome[]> {
  const keys = new Map(
    outcomes
      .filter(canBeConfirmed)
      .map(({ workspaceId, conversationId }) => [
        conversationId,
        confirmationKey(workspaceId, conversationId),
      ]),
  );
  const found = (await batchGet(table, clock, [...keys.values()])).map(fromConfirmationItem);
  const confirmations = new Map(found.map((confirmation) => [confirmation.conversationId, confirmation]));
  return outcomes.map((outcome) => join(outcome, confirmations.get(outcome.conversationId)));
}

function join(outcome: Outcome, found: Confirmation | undefined): QueriedOutcome {
  const confirmation = canBeConfirmed(outcome) ? found : undefined;
  return { outcome: resolveOutcome(outcome, confirmation), confirmation };
}
