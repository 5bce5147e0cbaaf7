import { gunzipSync, gzipSync } from 'node:zlib';
import type { Hold } from '#sweep/hold.ts';
import type { Pause } from '#sweep/ports.ts';
import {
  type Absence,
  type CurrentReconciliation,
  noClasses,
  type ReconcileProgress,
  type Reconciliation,
} from '#sweep/reconcile-record.ts';
import type { Act, Approval, PlanRecord, RunRecord, RunSummary } from '#sweep/run-record.ts';
import type { Budget } from './budget.ts';
import { bytesOf, type Item, mapOf } from './item.ts';

/**
 * A whole record (run, plan header, summary, act, approval, hold) kept as one map, under its own names. What is undefined
 * is left out, and read as undefined again.
 */
export interface RecordAttribute<Kind extends object> {
  toAttribute(record: Kind): Item;
  fromItem(item: Item): Kind;
}

/** Each kind of record has keys of its own. What somebody else has put under them is read as it is; the seals tell of it. */
const recordAttribute = <Kind extends object>(): RecordAttribute<Kind> => ({
  toAttribute: (record) => ({ record }),
  fromItem: (item) => mapOf(item, 'record') as Kind, // what these functions wrote has this form
});

export const runAttribute = recordAttribute<RunRecord>();
export const summaryAttribute = recordAttribute<RunSummary>();
export const actAttribute = recordAttribute<Act>();
export const approvalAttribute = recordAttribute<Approval>();
export const pauseAttribute = recordAttribute<Pause>();
export const holdAttribute = recordAttribute<Hold>();
export const budgetAttribute = recordAttribute<Budget>();
export const reconciliationAttribute = upgraded(recordAttribute<Reconciliation>(), withEveryClass);
export const reconcileProgressAttribute = upgraded(recordAttribute<ReconcileProgress>(), (progress) => ({
  ...progress,
  counts: { ...noClasses, ...progress.counts },
  current: progress.current && {
    ...ofEarlierRelease(progress.current),
    ...progress.current,
    countsBefore: { ...noClasses, ...progress.current.countsBefore },
  },
  last: progress.last && withEveryClass(progress.last),
}));
export const absenceAttribute = recordAttribute<Absence>();
const planAttribute = recordAttribute<Omit<PlanRecord, 'windows'>>();

type ReconciliationOfAnyRelease = Omit<Reconciliation, 'newElsewhere'> &
  Partial<Pick<Reconciliation, 'newElsewhere'>>;

/** Records of earlier releases count fewer classes, and told of deletions elsewhere by the change alone. */
function withEveryClass(reconciliation: ReconciliationOfAnyRelease): Reconciliation {
  const { counts, change, newElsewhere = Math.max(0, change.deleted_elsewhere) } = reconciliation;
  return {
    ...reconciliation,
    newElsewhere,
    counts: { ...noClasses, ...counts },
    change: { ...noClasses, ...change },
  };
}

/** What they did not write down of a reconciliation under way. */
const ofEarlierRelease = ({ startedAt }: CurrentReconciliation) => ({
  confirmsFrom: startedAt,
  earlierExplained: 0,
});

function upgraded<Kind extends object>(
  attribute: RecordAttribute<Kind>,
  upgrade: (record: Kind) => Kind,
): RecordAttribute<Kind> {
  return { ...attribute, fromItem: (item) => upgrade(attribute.fromItem(item)) };
}

/**
 * A plan has hundreds of windows while it is made, and is written again and again: they are packed, which keeps an item
 * that would take a hundred kilobytes within a few.
 */
export const toPlanAttributes = ({ windows, ...record }: PlanRecord): Item => ({
  ...planAttribute.toAttribute(record),
  windows_json_gz: gzipSync(JSON.stringify(windows)),
});

export function fromPlanAttributes(item: Item): PlanRecord {
  const record = planAttribute.fromItem(item);
  const windows: unknown = JSON.parse(gunzipSync(bytesOf(item, 'windows_json_gz')).toString());
  return { ...record, windows: windows as PlanRecord['windows'] }; // written by the function above
}
