import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { v7 as uuidv7 } from 'uuid';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createTables } from '#audit/create-tables.ts';
import { createDocumentClient } from '#audit/document-client.ts';
import { createRunState } from '#audit/run-state.ts';
import { auditTable } from '#audit/table-definitions.ts';
import { openEmbeddedStore } from '#cli/embedded-store.ts';
import { systemClock } from '#cli/system-clock.ts';
import { parseApiVersion } from '#intercom/api-version.ts';
import { createIntercom } from '#intercom/intercom-client.ts';
import { runRetention } from '#sweep/run-retention.ts';
import type { SweepDeps } from '#sweep/sweep-deps.ts';
import { type Benchmark, countText, type Row } from './benchmark.ts';
import { approveInAdvance, localStore, policyOf } from './retention-desk.ts';
import { type SimulatedIntercom, simulateIntercom } from './simulated-intercom.ts';

const conversations = 5_000;
const indexNames = auditTable.indexes.map(({ name }) => name);

export const writeUnits: Benchmark = {
  title: 'Write units per deletion',
  about: `what \`ReturnConsumedCapacity\` says for the writes of a whole run (plan, intents, outcomes, checkpoints, lease, summary), for each deletion. The embedded store does not report its indexes; an index is charged what the table is for each item that carries its key, as DynamoDB does.`,
  async run() {
    await using intercom = await simulateIntercom({ conversations });
    const units: Units = new Map();
    const run = await runInThisProcess(intercom, units);
    const deleted = (await intercom.deletedIds()).size;
    const wrong =
      run.stopReason === 'done' && run.counts.deleted === deleted && deleted > 1_500
        ? []
        : [`${deleted} deleted, ${run.counts.deleted} on record, ended with ${run.stopReason}`];
    return rowsOf(units, deleted, wrong);
  },
};

/** Units written, by table and index. */
type Units = Map<string, number>;

function rowsOf(units: Units, deleted: number, wrong: readonly string[]): readonly Row[] {
  const total = [...units.values()].reduce((sum, each) => sum + each, 0);
  // One for the outcome's place in the table, and one for each index.
  const least = 1 + indexNames.length;
  const each = [...units].map(([name, count]) => `${name} ${(count / deleted).toFixed(3)}`);
  return [
    {
      what: `write units per deletion, ${countText(deleted)} deletions`,
      ours: `${(total / deleted).toFixed(3)} (${each.join(', ')})`,
      peer: `${least}: one in the table and in each of its ${indexNames.length} indexes`,
      ratio: total / deleted / least,
      aim: (least + 0.1) / least,
      wrong,
    },
  ];
}

async function runInThisProcess(intercom: SimulatedIntercom, units: Units) {
  const folder = await mkdtemp(join(tmpdir(), 'retention-bench-'));
  const embedded = await openEmbeddedStore(join(folder, '.retention'));
  const client = createDocumentClient({
    endpoint: embedded.endpoint,
    ...localStore.access,
    onConsumedCapacity: () => undefined, // has it asked for; `countWrites` sees it with its command
  });
  try {
    await createTables(client, { audit: localStore.auditTable, state: localStore.stateTable });
    const state = createRunState(client, localStore.stateTable);
    const policy = policyOf(intercom.workspaceId, {
      rules: [
        {
          id: 'closed',
          when: { state: 'closed', last_activity: { older_than: '2y' } },
          retain_metrics: true,
        },
      ],
    });
    await approveInAdvance(state, policy);
    countWrites(client, units);
    const report = await runRetention(depsOf(intercom, client, state), {
      policy: policy.policy,
      policyHash: policy.hash,
      policyJson: policy.canonicalJson,
      trigger: 'manual',
      stop: new AbortController().signal,
      stopAt: undefined,
    });
    return report.run;
  } finally {
    client.destroy();
    await embedded.close();
    await rm(folder, { recursive: true, maxRetries: 10, retryDelay: 100 });
  }
}

function depsOf(
  { url, token }: SimulatedIntercom,
  client: DynamoDBDocumentClient,
  state: SweepDeps['state'],
): SweepDeps {
  return {
    intercom: createIntercom({
      baseUrl: url,
      token: () => Promise.resolve(token),
      version: parseApiVersion('2.16'),
      pace: { numerator: 1n, denominator: 1n },
      clock: systemClock,
      random: Math.random,
    }),
    audit: createAuditTrail(client, localStore.auditTable, systemClock),
    state,
    clock: systemClock,
    newId: uuidv7,
    observe: () => {},
    leaseHolder: 'bench',
    isHolderGone: () => false,
  };
}

function countWrites(client: DynamoDBDocumentClient, units: Units): void {
  const add = (name: string, count: number) => units.set(name, (units.get(name) ?? 0) + count);
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const result = await next(args);
        if (!/^(Put|Update|Delete)(Item)?Command$/.test(commandName)) return result;
        const used = capacityOf(result.output);
        const written = used?.Table?.CapacityUnits ?? used?.CapacityUnits ?? 0;
        add(used?.TableName === localStore.auditTable ? 'audit' : 'state', written);
        const keys = Object.keys(
          'Item' in args.input && args.input.Item !== undefined ? args.input.Item : {},
        );
        for (const name of indexNames.filter((index) => keys.includes(index))) {
          add(name, used?.GlobalSecondaryIndexes?.[name]?.CapacityUnits ?? written);
        }
        return result;
      },
    { step: 'initialize', priority: 'high', name: 'countWrites' },
  );
}

const capacityOf = (output: object): ConsumedCapacity | undefined =>
  'ConsumedCapacity' in output ? (output.ConsumedCapacity as ConsumedCapacity) : undefined; // so the SDK types every output of a write
