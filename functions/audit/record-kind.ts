import type { RecordKind } from '#seal/audit-record.ts';
import type { PrimaryKey } from './keys.ts';

/** The number of parts of the partition key, the part behind the workspace, and the sort key: as `keys.ts` makes them. */
const recordKinds: readonly (readonly [parts: number, room: string, sortKey: RegExp, kind: RecordKind])[] = [
  [4, 'CONV', /^OUTCOME#[^#]+$/, 'outcome'],
  [4, 'CONV', /^CONFIRMATION$/, 'confirmation'],
  [4, 'PLAN', /^CHUNK#\d{6}$/, 'plan_chunk'],
  [4, 'PLAN', /^PLAN$/, 'plan'],
  [4, 'RUN', /^INTENT#\d{6}$/, 'intent'],
  [4, 'RUN', /^SUMMARY$/, 'summary'],
  [3, 'RUNS', /^[^#]+$/, 'run_started'],
  [3, 'RECONCILIATIONS', /^[^#]+$/, 'reconciliation'],
  [3, 'ACTS', /^[^#]+#[^#]+#[^#]+$/, 'act'],
];

/** What the item under this key is; `unknown` for a key that nothing which is sealed has. */
export function recordKindOf({ pk, sk }: PrimaryKey): RecordKind {
  const [prefix, , room, ...rest] = pk.split('#');
  if (prefix !== 'WS') return 'unknown';
  const known = recordKinds.find(
    ([parts, name, sortKey]) => parts === rest.length + 3 && name === room && sortKey.test(sk),
  );
  return known?.[3] ?? 'unknown';
}
