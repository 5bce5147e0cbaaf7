import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import type { Item } from '#audit/item.ts';
import { toOutcomeItem } from '#audit/outcome-item.ts';
import { createSealStore } from '#audit/seal-store.ts';
import { createWholeTable, toStandingItem } from '#audit/whole-table.ts';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { type AuditRecord, keyText } from '#seal/audit-record.ts';
import { checkTable } from '#seal/check-table.ts';
import { sealDays } from '#seal/seal-days.ts';
import { dayMs, dayOf, plusDays, startOfDay } from '#seal/utc-day.ts';
import { verifySeals } from '#seal/verify-seals.ts';
import {
  aConfirmation,
  aDeletion,
  anIntent,
  anOutcome,
  aPlan,
  aReconciliation,
  aRun,
  aSummary,
  conversationIdOf,
  later,
  noon,
  runIdOf,
  stoppedClock,
} from '#support/audit-builders.ts';
import { collect } from '#support/collect.ts';
import { startTestStore, type TestStore } from '#support/dynamodb.ts';
import { aSigner } from '#support/key-signer.ts';

let store: TestStore;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

const days = 4;
const firstDay = dayOf(noon);
const signer = aSigner();

const kinds = ['outcome', 'confirmation', 'intent', 'plan_chunk', 'plan', 'run', 'summary', 'act'] as const;

/** Records of a few days, of which the first are sealed. */
const anAudit = fc.record({
  records: fc.array(
    fc.record({ kind: fc.constantFrom(...kinds), day: fc.nat(days - 1), ms: fc.nat(dayMs - 1) }),
    { minLength: 1, maxLength: 12 },
  ),
  sealedDays: fc.integer({ min: 1, max: days }),
});
type Audit = typeof anAudit extends fc.Arbitrary<infer Value> ? Value : never;

/** Everything that the writers write, by the writers themselves. */
async function write(ours: WorkspaceId, { records, sealedDays }: Audit): Promise<void> {
  const auditAt = (at = noon) => createAuditTrail(store.client, store.tables.audit, stoppedClock(at));
  const at = (day: number, ms: number) => later(startOfDay(plusDays(firstDay, day)), ms);
  await auditAt(at(0, 0)).putReconciliation(aReconciliation({ workspaceId: ours }));
  for (const [number, { kind, day, ms }] of records.entries()) {
    const recordedAt = at(day, ms);
    const audit = auditAt(recordedAt);
    const conversationId = conversationIdOf(number);
    const runId = runIdOf(number);
    const planId = brandId<ReturnType<typeof anIntent>['planId']>(`plan-${number}`);
    if (kind === 'outcome')
      await audit.putOutcome(anOutcome({ workspaceId: ours, conversationId, recordedAt }));
    if (kind === 'confirmation')
      await audit.putConfirmation(aConfirmation({ workspaceId: ours, conversationId }));
    if (kind === 'intent') await audit.putIntent(anIntent({ workspaceId: ours, runId }));
    if (kind === 'plan') await audit.putPlan({ ...aPlan(), workspaceId: ours, planId }, '{}');
    if (kind === 'run') await audit.putRunStarted(aRun({ workspaceId: ours, runId }));
    if (kind === 'summary') await audit.putSummary(aSummary({ workspaceId: ours, runId }));
    if (kind === 'plan_chunk') {
      await audit.putPlanChunk({ workspaceId: ours, planId, chunkNumber: 0, deletions: [aDeletion(number)] });
    }
    if (kind === 'act') {
      const act = { kind: 'paused', at: recordedAt, by: 'ops', subject: 'x', details: {} } as const;
      await audit.putAct({ workspaceId: ours, ...act });
    }
  }
  const clock = stoppedClock(at(sealedDays, 3_600_000));
  const seals = createSealStore(store.client, store.tables.audit, clock);
  let ids = 0;
  const request = {
    workspaceId: ours,
    settlingDelayMs: 3_600_000,
    lookBackDays: 3,
    otherKey: 'refuse',
  } as const;
  await collect(sealDays({ store: seals, signer, clock, newId: () => `seal-${ids++}` }, request));
}

/** What is named of a workspace, by its seals or by its table, each as often as it is named. */
async function namedIn(ours: WorkspaceId): Promise<readonly string[]> {
  const seals = createSealStore(store.client, store.tables.audit, stoppedClock(noon));
  const verified = await collect(verifySeals(seals, { workspaceId: ours }));
  const findings = verified.flatMap((day) => day.findings);
  const bySeals = findings.map((finding) =>
    'record' in finding ? keyText(finding.record.key) : finding.kind,
  );
  const sealed = verified.filter(({ seal }) => seal !== undefined).map(({ day }) => day);
  const table = await checkTable(createWholeTable(store.client, store.tables.audit), {
    workspaceId: ours,
    sealed: { first: sealed.at(0)!, last: sealed.at(-1)! },
    named: new Set(bySeals),
    clock: stoppedClock(startOfDay(plusDays(firstDay, days))),
    observe: () => undefined,
  });
  return [...bySeals, ...[...table.unlisted, ...table.misplaced].map(({ key }) => keyText(key))];
}

const without = (item: Item, ...names: readonly string[]): Item =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));

const keyOf = ({ pk, sk }: Item): string => keyText({ pk: String(pk), sk: String(sk) });

/** Takes an item out of every list of a day. */
const hidings: readonly ((item: Item, ours: WorkspaceId) => Item)[] = [
  (item) => without(item, 'by_day'),
  (item) => without(item, 'at'),
  (item) => without(item, 'by_day', 'at', 'by_rule', 'by_run', 'recorded_at'),
  (item) => ({ ...item, by_day: String(item['by_day']).replace(/0$/, '1') }),
  (item) => ({ ...item, by_day: String(item['by_day']).replace(/0$/, '00') }),
  (item) => ({ ...item, by_day: `${String(item['by_day'])}#0` }),
  (item) => ({ ...item, by_day: String(item['by_day']).replace('WS#', 'ws#') }),
  (item) => ({ ...item, by_day: String(item['by_day']).replace(/#(DAY|RECORDS)#/, '#DAYS#') }),
  (item) => ({ ...item, by_day: String(item['by_day']).replace(/\d{4}-\d{2}-\d{2}/, '2026-02-30') }),
  (item, ours) => ({ ...item, by_day: String(item['by_day']).replace(ours, 'other') }),
];

/** Where an outcome could be put: under its own key, those of the seals or near them, and none of the workspace. */
const places: readonly ((ours: WorkspaceId) => { readonly pk?: string; readonly sk?: string })[] = [
  () => ({}),
  (ours) => ({ pk: `WS#${ours}#CONV#1`, sk: 'CONFIRMATION' }),
  (ours) => ({ pk: `WS#${ours}#CONV#1`, sk: '2026-11-21' }),
  (ours) => ({ pk: `WS#${ours}#SEALS`, sk: 'OUTCOME#run' }),
  (ours) => ({ pk: `WS#${ours}#SEAL#2026-11-21#x`, sk: 'OUTCOME#run' }),
  (ours) => ({ pk: `WS#${ours}#SEAL#2026-02-30#x`, sk: 'LEAVES#000000' }),
  (ours) => ({ pk: `WS#${ours}#SEAL#2026-11-21#x#y`, sk: 'LEAVES#000000' }),
  (ours) => ({ pk: `WS#${ours}#SEAL#2026-11-21#x`, sk: 'LEAVES#000000' }),
  (ours) => ({ pk: `WS#${ours}#SEAL_KEYS`, sk: 'ab'.repeat(32) }),
  (ours) => ({ pk: `WS#${ours}#SEAL_KEYS`, sk: 'OUTCOME#run' }),
  (ours) => ({ pk: `WS#${ours}`, sk: 'LEASE' }),
  () => ({ pk: 'elsewhere', sk: 'x' }),
];

const aForgery = fc.record({
  what: fc.oneof(
    fc.record({ place: fc.constantFrom(...places), existing: fc.constant(0) }),
    fc.record({ place: fc.constant(undefined), existing: fc.nat(1_000) }),
  ),
  hide: fc.constantFrom(...hidings),
});

/** By its key it is one of the seals, or of no workspace, and no index has it: nothing takes it for anything. */
const isNothing = (item: Item): boolean =>
  /^elsewhere$|#SEAL#2026-11-21#x$|#SEAL_KEYS$/.test(String(item['pk'])) &&
  !String(item['sk']).startsWith('OUTCOME') &&
  ['by_day', 'by_rule', 'by_run', 'at'].every((name) => !Object.hasOwn(item, name));

const anOutcomeItem = (ours: WorkspaceId): Item =>
  toOutcomeItem(anOutcome({ workspaceId: ours, conversationId: conversationIdOf(999), recordedAt: noon }));

describe('toStandingItem', () => {
  const ours = brandId<WorkspaceId>('a86dr8yl');

  it('takes an outcome that no day has for unlisted wherever it is put, but where nothing takes it for one', () => {
    for (const [hiding, hide] of hidings.entries()) {
      for (const place of places) {
        const forged = hide({ ...anOutcomeItem(ours), ...place(ours) }, ours);
        const expected = isNothing(forged) ? ['seals', undefined] : ['unlisted'];
        const name = `${hiding} ${keyOf(forged)}`;
        expect(expected, name).toContain(toStandingItem(ours, forged)?.place.kind);
      }
    }
  });

  it('takes an outcome for what it is in the journal of its day', () => {
    expect(toStandingItem(ours, anOutcomeItem(ours))?.place).toEqual({ kind: 'journal', day: '2026-11-21' });
  });
});

describe('audit verify with the whole table', { timeout: 120_000 }, () => {
  let workspaces = 0;

  it('names any one item that is in no day, whatever its key claims, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(anAudit, aForgery, async (audit, { what, hide }) => {
        workspaces += 1;
        const ours = brandId<WorkspaceId>(`w${workspaces}`);
        await write(ours, audit);
        expect(await namedIn(ours)).toEqual([]);

        const found = what.place === undefined ? await anyItem(ours, what.existing) : anOutcomeItem(ours);
        const forged = hide({ ...found, ...what.place?.(ours) }, ours);
        fc.pre(!isNothing(forged));
        await store.client.send(new PutCommand({ TableName: store.tables.audit, Item: { ...forged } }));
        expect(await namedIn(ours)).toEqual([keyOf(forged)]);
      }),
      { numRuns: 25 },
    );
  });

  it('names any one item in a day that is not its own, or has not begun, once', async () => {
    const aPlace = fc.record({
      existing: fc.option(fc.nat(1_000), { nil: undefined }),
      day: fc.integer({ min: -400, max: 400 }),
      claims: fc.constantFrom('its own time', 'the time of its place', 'no time'),
    });
    await fc.assert(
      fc.asyncProperty(anAudit, aPlace, async (audit, { existing, day, claims }) => {
        workspaces += 1;
        const ours = brandId<WorkspaceId>(`m${workspaces}`);
        await write(ours, audit);
        const found = existing === undefined ? anOutcomeItem(ours) : await anyItem(ours, existing);
        const place = plusDays(firstDay, day);
        fc.pre(!String(found['by_day']).includes(place));
        const isOpen = day >= audit.sealedDays && day <= days;
        // Before the seals and after them, nothing speaks against a record that says of its place what is so.
        fc.pre(claims !== 'the time of its place' || !(isOpen || day < 0));
        const time = {
          'its own time': found['recorded_at'],
          'the time of its place': `${place}T12:00:00.000Z`,
        };
        const moved = {
          ...found,
          by_day: String(found['by_day']).replace(/\d{4}-\d{2}-\d{2}/, place),
          recorded_at: claims === 'no time' ? undefined : time[claims],
        };
        const forged = Object.fromEntries(Object.entries(moved).filter(([, value]) => value !== undefined));
        await store.client.send(new PutCommand({ TableName: store.tables.audit, Item: forged }));
        expect(await namedIn(ours)).toEqual([keyOf(forged)]);
      }),
      { numRuns: 40 },
    );
  });

  it('accuses no item by its time that is sealed in the day where it stands', async () => {
    const ours = brandId<WorkspaceId>('odd-time');
    const odd = { ...anOutcomeItem(ours), recorded_at: '2026-01-16T12:00:00.000Z' };
    await store.client.send(new PutCommand({ TableName: store.tables.audit, Item: odd }));
    await write(ours, { records: [], sealedDays: 1 });
    expect(await namedIn(ours)).toEqual([]);
  });

  /** Of those that stand in a journal. */
  async function anyItem(ours: WorkspaceId, seed: number): Promise<Item> {
    const seals = createSealStore(store.client, store.tables.audit, stoppedClock(noon));
    const records: AuditRecord[] = [];
    for (let day = 0; day < days; day += 1) {
      records.push(...(await collect(seals.dayRecords(ours, plusDays(firstDay, day)))));
    }
    const { key } = records[seed % records.length]!;
    const Key = { ...key };
    const { Item } = await store.client.send(new GetCommand({ TableName: store.tables.audit, Key }));
    return Item!;
  }
});
