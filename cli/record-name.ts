import { recordKindOf } from '#audit/record-kind.ts';
import type { RecordKey } from '#seal/audit-record.ts';
import { printable } from './printable.ts';

/** What a record of the audit is, for people, by its key alone: it may be gone. */
export function recordName(key: RecordKey): string {
  const [, , , subject = ''] = key.pk.split('#').map(unescapePart);
  const place = key.sk.split('#').map(unescapePart);
  const last = place.at(-1) ?? '';
  switch (recordKindOf(key)) {
    case 'outcome':
      return `the outcome of conversation ${printable(subject)} in run ${printable(last)}`;
    case 'confirmation':
      return `Intercom's confirmation for conversation ${printable(subject)}`;
    case 'plan':
      return `the plan ${printable(subject)}`;
    case 'plan_chunk':
      return `part ${printable(last)} of the plan ${printable(subject)}`;
    case 'intent':
      return `intent ${printable(last)} of run ${printable(subject)}`;
    case 'summary':
      return `the summary of run ${printable(subject)}`;
    case 'run_started':
      return `the beginning of run ${printable(last)}`;
    case 'reconciliation':
      return `the reconciliation ${printable(last)}`;
    case 'act':
      return `the act "${printable(place.slice(1).join(' '))}" of ${printable(place[0] ?? '')}`;
    case 'unknown':
      return `a record that this project does not write: ${printable(`${key.pk} / ${key.sk}`)}`;
  }
}

const unescapePart = (part: string): string => part.replaceAll('%23', '#').replaceAll('%25', '%');
