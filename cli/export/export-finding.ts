import { recordKindOf } from '#audit/record-kind.ts';
import type { RecordPosition } from '#seal/audit-record.ts';
import type { SealFindingKind } from '#seal/finding.ts';
import { isDayAfter } from '../days-on-end.ts';
import { countOf } from '../number-text.ts';
import { printable } from '../printable.ts';
import { recordName } from '../record-name.ts';

/**
 * `manifest_altered`: it lists other files or seals than an export of its span has. `key_unused`: it lists a key that has signed
 * no seal. `nothing_proven`: it lists no seal that a trusted key has signed. `file_missing`, `file_altered`: one that it lists is not there, or is not what it says. `file_unexpected`: one that it
 * does not list. `line_unreadable`: a line that this tool does not write.
 */
type FileFindingKind =
  | 'manifest_altered'
  | 'key_unused'
  | 'nothing_proven'
  | 'file_missing'
  | 'file_altered'
  | 'file_unexpected'
  | 'line_unreadable';

/** One thing that is wrong with an export. */
export type ExportFinding =
  | {
      readonly kind: FileFindingKind;
      /** Below the folder. */
      readonly path: string;
      /** From 1, of a line. */
      readonly line?: number;
    }
  | { readonly kind: SealFindingKind; readonly day: string }
  /** Records that came when their day had been sealed as it stood, and that no later seal of the export has. */
  | { readonly kind: 'unsealed'; readonly day: string; readonly records: number }
  | {
      readonly kind: 'removed' | 'added' | 'altered' | 'reordered';
      readonly day: string;
      readonly path: string;
      readonly record: RecordPosition;
    };

/** A line of text for each finding; one for several days on end whose seal is missing. */
export interface FindingLine {
  readonly text: string;
  /** Findings that it tells of. */
  readonly count: number;
}

export function findingLines(findings: readonly ExportFinding[]): readonly FindingLine[] {
  const runs: { readonly first: ExportFinding; last: ExportFinding; count: number }[] = [];
  for (const finding of findings) {
    const run = runs.at(-1);
    if (run !== undefined && goesOnFrom(run.last, finding)) {
      run.last = finding;
      run.count += 1;
    } else runs.push({ first: finding, last: finding, count: 1 });
  }
  return runs.map(({ first, last, count }) => ({ text: lineText(first, last), count }));
}

const goesOnFrom = (last: ExportFinding, next: ExportFinding): boolean =>
  last.kind === 'seal_missing' && next.kind === 'seal_missing' && isDayAfter(next.day, last.day);

const lineText = (first: ExportFinding, last: ExportFinding): string =>
  first.kind === 'seal_missing' && last.kind === 'seal_missing' && first !== last
    ? `${first.day} to ${last.day}: the seals of these days are not in the export, so that their records are not proven.`
    : findingText(first);

/** One sentence. */
export function findingText(finding: ExportFinding): string {
  if ('record' in finding) {
    const { path, record } = finding;
    return `${path}: ${recordName(record.key)}, recorded at ${printable(record.recordedAt)}, ${recordWords[finding.kind]}.`;
  }
  if ('path' in finding) {
    const place = printable(finding.line === undefined ? finding.path : `${finding.path}:${finding.line}`);
    return `${place} ${fileWords[finding.kind]}.`;
  }
  if (finding.kind === 'unsealed') {
    const { day, records } = finding;
    return `${countOf(records, 'record')} of ${day} came when the day had been sealed as it stood, and no seal of the export proves them.`;
  }
  return `The seal of ${finding.day} ${sealWords[finding.kind]}.`;
}

const recordWords = {
  removed: 'was sealed, and is missing',
  added: 'is in no seal of the export: it came late, or somebody has added it',
  altered: 'is not what was sealed',
  reordered: 'does not stand in its place',
} as const;

const fileWords: Readonly<Record<FileFindingKind, string>> = {
  manifest_altered: 'is not the manifest that this tool writes for these days',
  key_unused: 'lists a public key that has signed no seal of the export',
  nothing_proven: 'lists no seal that is signed by a key that is trusted, so that the export proves nothing',
  file_missing: 'is missing',
  file_altered: 'is not the file that the manifest lists',
  file_unexpected: 'is not listed in the manifest',
  line_unreadable: 'is not a line that this tool writes',
};

const sealWords: Readonly<Record<SealFindingKind, string>> = {
  seal_missing: 'is not in the export, so that the records of the day are not proven',
  chain_broken: 'does not follow the one before it: one between them was taken out, or its note was altered',
  signature_wrong: 'is not signed by a key that is trusted: its note was altered, or somebody else signed it',
  header_altered: 'is listed in the manifest with other counts or another key than it was signed with',
  leaf_list_altered: 'has another leaf list than the one that was sealed',
};

export const toFindingDocument = (finding: ExportFinding): object => {
  if (!('record' in finding)) return { ...finding, message: findingText(finding) };
  const { record, ...others } = finding;
  return {
    ...others,
    record: { kind: recordKindOf(record.key), ...record.key, recorded_at: record.recordedAt },
    message: findingText(finding),
  };
};
