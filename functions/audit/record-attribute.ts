import { gunzipSync, gzipSync } from 'node:zlib';
import type { Hold } from '#sweep/hold.ts';
import type { Pause } from '#sweep/ports.ts';
import type { Absence, ReconcileProgress, Reconciliation } from '#sweep/reconcile-record.ts';
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

/** Each kind of record has keys of its own, and what is read under them was written here. */
const recordAttribute = <Kind extends object>(): RecordAttribute<Kind> => ({
  toAttribute: (record) => ({ record }),
  fromItem: (item) => mapOf(item, 'record') as Kind, // nothing but this project's functions writes under these keys
});

export const runAttribute = recordAttribute<RunRecord>();
export const summaryAttribute = recordAttribute<RunSummary>();
export const actAttribute = recordAttribute<Act>();
export const approvalAttribute = recordAttribute<Approval>();
export const pauseAttribute = recordAttribute<Pause>();
export const holdAttribute = recordAttribute<Hold>();
export const budgetAttribute = recordAttribute<Budget>();
export const reconciliationAttribute = recordAttribute<Reconciliation>();
export const reconcileProgressAttribute = recordAttribute<ReconcileProgress>();
export const absenceAttribute = recordAttribute<Absence>();
const planAttribute = recordAttribute<Omit<PlanRecord, 'windows'>>();

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
