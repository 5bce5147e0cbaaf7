import { describe, expect, it } from 'vitest';
import { inJournal } from '#audit/journal.ts';
import { toOutcomeItem } from '#audit/outcome-item.ts';
import { toAuditRecord } from '#audit/to-audit-record.ts';
import { leafHash } from '#seal/audit-record.ts';
import { anOutcome, noon, workspaceId } from '#support/audit-builders.ts';

type Changes = Readonly<Record<string, unknown>>;

const outcome = toOutcomeItem(anOutcome({ recordedAt: noon }));
const plan = inJournal({ pk: 'WS#a86dr8yl#PLAN#p1', sk: 'PLAN', record: { scanned: 1 } }, workspaceId, noon);

const hashOf = (item: Changes): string => Buffer.from(leafHash(toAuditRecord(item))).toString('hex');

const without = (item: Changes, ...names: readonly string[]): Changes =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));

/** As the client of the store makes a map with an attribute of this name. */
const withProto = (map: Changes, proto: object): Changes =>
  Object.setPrototypeOf({ ...map }, proto) as Changes;

describe('toAuditRecord', () => {
  it.each([
    ['an outcome', outcome, 'f5eff463a993defd880f3087425332da3d96068a8ecb3319735e0f5e47092bef'],
    ['a plan', plan, '4a65a93ddc5be369362a4a0d8f66ba93bb5ea281f4d53dc7a01277010ecf7a5d'],
  ])('has the hash of %s for good', (_, item, hash) => {
    expect(hashOf(item)).toBe(hash);
    const { document } = toAuditRecord(item);
    for (const name of ['by_day', 'by_rule', 'by_run', 'at', 'missing_index_keys', '$own', '$proto']) {
      expect(document).not.toHaveProperty(name);
    }
  });

  it.each([
    ['an outcome among the other records', outcome, { by_day: 'WS#a86dr8yl#RECORDS#2026-11-21#0' }],
    ['an outcome in another day', outcome, { by_day: 'WS#a86dr8yl#DAY#2026-11-22#0' }],
    ['an outcome in another workspace', outcome, { by_day: 'WS#other#DAY#2026-11-21#0' }],
    ['an outcome at another time', outcome, { at: '2026-11-21T12:00:00.001Z#215470000000001' }],
    ['an outcome of another conversation', outcome, { at: '2026-11-21T12:00:00.000Z#2' }],
    ['another record among the outcomes', plan, { by_day: 'WS#a86dr8yl#DAY#2026-11-21#0' }],
    ['another record at a longer time', plan, { at: '2026-11-21T12:00:00.000Z#1' }],
  ])('keeps the place of %s', (_, item, changes) => {
    expect(hashOf({ ...item, ...changes })).not.toBe(hashOf(item));
    expect(toAuditRecord({ ...item, ...changes }).document).toMatchObject(changes);
  });

  it.each([[['by_rule']], [['by_run']], [['by_rule', 'by_run']]])('tells that %j is missing', (names) => {
    const lacking = without(outcome, ...names);
    expect(hashOf(lacking)).not.toBe(hashOf(outcome));
    expect(toAuditRecord(lacking).document['missing_index_keys']).toEqual(names);
    expect(hashOf({ ...outcome, missing_index_keys: names })).not.toBe(hashOf(lacking));
  });

  it('has the same hash for what lost its place in the journal alone: there, it is missed', () => {
    for (const item of [outcome, plan]) {
      expect(hashOf(without(item, 'by_day', 'at'))).toBe(hashOf(item));
      expect(hashOf(without(item, 'by_day'))).toBe(hashOf(item));
    }
  });

  it.each([
    ['the item', withProto(outcome, { note: 'x' })],
    ['a map in it', { ...outcome, facts: withProto(outcome['facts'] as Changes, { tag: 'x' }) }],
    ['a map in a list', { ...outcome, list: [withProto({}, { tag: 'x' })] }],
  ])('shows what the prototype of %s holds', (_, changed) => {
    expect(hashOf(changed)).not.toBe(hashOf({ ...outcome, ...without(changed, 'facts', 'list') }));
    expect(JSON.stringify(toAuditRecord(changed).document)).toContain('"$proto":{');
  });

  it('has another hash for another prototype, and for an attribute of its own by that name', () => {
    const own: unknown = JSON.parse('{"__proto__":{"tag":"x"}}');
    const variants = [{}, withProto({}, { tag: 'x' }), withProto({}, { tag: 'y' }), own];
    expect(new Set(variants.map((facts) => hashOf({ ...outcome, facts }))).size).toBe(4);
    const top = JSON.parse('{"__proto__":{"tag":"x"}}') as Changes;
    const item = Object.fromEntries([...Object.entries(outcome), ...Object.entries(top)]);
    expect(hashOf(item)).not.toBe(hashOf(outcome));
  });
});
