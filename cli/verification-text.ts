import type { Finding } from '#seal/finding.ts';
import type { VerifiedDay } from '#seal/verify-seals.ts';
import { countOf, countText } from './number-text.ts';
import { printable } from './printable.ts';
import { recordName } from './record-name.ts';
import type { Signing, Verification } from './verification.ts';

/** A day on which something does not fit. Of very many findings, the first. */
export function verifiedDayText({ day, findings }: VerifiedDay): string {
  const lines = findings.slice(0, mostFindings).map((finding) => `  ${findingText(finding)}`);
  const more = findings.length - lines.length;
  const rest = more === 0 ? [] : [`  and ${countText(more)} more; "--json" lists them all`];
  return [`${day}:`, ...lines, ...rest].join('\n');
}

const mostFindings = 100;

/** What is wrong, in a sentence. */
function findingText(finding: Finding): string {
  if ('record' in finding) {
    const { record, kind } = finding;
    return `${kind}: ${recordName(record.key)}, recorded at ${printable(record.recordedAt)}, ${recordSentences[kind]}.`;
  }
  return `${finding.kind.replaceAll('_', ' ')}: ${sealSentences[finding.kind]}.`;
}

type RecordFindingKind = keyof typeof recordSentences;

const recordSentences = {
  removed: 'was sealed and is not there any more',
  added:
    'is in no seal; if it only came late, the next "retention audit seal" takes it in (up to three days back, further with --look-back)',
  altered: 'is not what was sealed',
  reordered: 'does not stand in the journal where it was sealed; look whether it still says what it said',
} as const;

const sealSentences = {
  seal_missing: 'this day has no seal, though it must have one',
  chain_broken:
    'this seal does not follow the seal of the day before: one of the two, or what was between, was changed',
  signature_wrong: 'no key that is trusted here has signed a seal for this day as it stands',
  leaf_list_altered: 'the list of what was sealed is not the one that was signed',
} as const satisfies Record<Exclude<Finding['kind'], RecordFindingKind>, string>;

/** The end of a verification: what holds, by whose signature, and how far. */
export function verificationText(verification: Verification): string {
  const { workspaceId, days, recordCount, fits } = verification;
  const [first, last] = [days.at(0)?.day ?? '', days.at(-1)?.day ?? ''];
  const span = first === last ? first : `${first} to ${last}`;
  return [
    `Workspace ${workspaceId}, ${span}: ${countOf(days.length, 'day')}, ${countOf(recordCount, 'record')}.`,
    fits
      ? 'Everything is as it was sealed.'
      : `Not everything is as it was sealed: ${countsText(verification)}.`,
    ...signersText(verification),
    ...unsealedText(verification),
  ].join('\n');
}

const countsText = ({ findingCounts }: Verification): string =>
  Object.entries(findingCounts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${countText(count)} ${kind.replaceAll('_', ' ')}`)
    .join(', ');

function signersText({ signers, keysAreTrusted }: Verification): readonly string[] {
  const signed = signers.map(
    ({ key, firstDay }: Signing) => `Signed from ${firstDay} on with the key SHA-256 ${key.fingerprint}.`,
  );
  if (keysAreTrusted) return signed;
  return [
    ...signed,
    'The audit itself names this key. Whoever can write to the audit could have signed with a key of their own: compare the fingerprint with one that you have from elsewhere, or give the key that you trust with --public-key.',
  ];
}

const unsealedText = ({ unsealedCount, unsealedDays }: Verification): readonly string[] => [
  ...(unsealedCount === 0
    ? []
    : [
        `Not sealed yet: ${countOf(unsealedCount, 'record')} of a day that was sealed while it went on. The next "retention audit seal" takes them in.`,
      ]),
  ...(unsealedDays.length === 0
    ? []
    : [
        `Not sealed, though over: ${countOf(unsealedDays.length, 'day')} from ${unsealedDays[0]} on. Run "retention audit seal"; if they were sealed before, somebody has removed their seals.`,
      ]),
];
