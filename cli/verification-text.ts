import type { TableCheck } from '#seal/check-table.ts';
import type { Finding } from '#seal/finding.ts';
import { isAfter } from '#seal/is-after.ts';
import type { LateLeaf } from '#seal/late-leaves.ts';
import type { Seal } from '#seal/seal.ts';
import type { StandingItem } from '#seal/standing-item.ts';
import { plusDays, type UtcDay } from '#seal/utc-day.ts';
import type { VerifiedDay } from '#seal/verify-seals.ts';
import { countOf, countText } from './number-text.ts';
import { printable } from './printable.ts';
import { recordName } from './record-name.ts';
import type { Signing, Verification } from './verification.ts';

/** A day on which something does not fit. Of very many findings, the first. */
export const verifiedDayText = ({ day, findings }: VerifiedDay): string =>
  listText(`${day}:`, findings, findingText);

/** Several days on end that have no seal, and nothing else that does not fit. */
export const unsealedDaysText = (first: UtcDay, last: UtcDay, count: number): string =>
  `${first} to ${last}:\n  seal missing: these ${countText(count)} days have no seal, though they must have one.`;

/** What stands in no day, or in one that is not its own. */
export const tableFindingsText = ({ unlisted, misplaced }: TableCheck): string =>
  [
    ...(unlisted.length === 0 ? [] : [listText('In no day:', unlisted, unlistedItemText)]),
    ...(misplaced.length === 0
      ? []
      : [listText('In a day that is not theirs:', misplaced, misplacedItemText)]),
  ].join('\n');

function listText<Item>(head: string, items: readonly Item[], textOf: (item: Item) => string): string {
  const lines = items.slice(0, mostFindings).map((item) => `  ${textOf(item)}`);
  const more = items.length - lines.length;
  const rest = more === 0 ? [] : [`  and ${countText(more)} more; "--json" lists them all`];
  return [head, ...lines, ...rest].join('\n');
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

const whenText = ({ recordedAt }: StandingItem): string =>
  recordedAt === undefined ? 'without a time of recording' : `recorded, it says, at ${printable(recordedAt)}`;

function misplacedItemText(item: StandingItem): string {
  const { key, place } = item;
  const day = place.kind === 'journal' ? place.day : '';
  return `misplaced: ${recordName(key)}, ${whenText(item)}, stands in the list of ${day}, which is not its own day or has not begun; no seal has it yet (${printable(`${key.pk} / ${key.sk}`)}).`;
}

function unlistedItemText(item: StandingItem): string {
  const { key } = item;
  const place = printable(`${key.pk} / ${key.sk}`);
  return `unlisted: ${recordName(key)}, ${whenText(item)}, stands in the list of no day, so that no seal and no export has it; a question for it shows it all the same (${place}).`;
}

type RecordFindingKind = keyof typeof recordSentences;

const recordSentences = {
  removed: 'was sealed and is not there any more',
  added:
    'is in no seal; if it only came late, the next "retention audit seal" takes it in (up to three days back, further with --look-back)',
  altered: 'is not what was sealed',
  reordered: 'does not stand in its own place in the journal; look whether it still says what it said',
} as const;

const sealSentences = {
  seal_missing: 'this day has no seal, though it must have one',
  chain_broken:
    'this seal does not follow the seal of the day before: one of the two, or what was between, was changed',
  signature_wrong: 'no key that is trusted here has signed a seal for this day as it stands',
  header_altered:
    'what stands unsigned beside the seal (counts, key) is not what was signed; all figures here are the signed ones',
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
    ...lateText(verification),
    ...tableText(verification),
    ...unsealedText(verification),
  ].join('\n');
}

const countsText = ({ findingCounts, table }: Verification): string =>
  Object.entries({
    ...findingCounts,
    unlisted: table?.unlisted.length ?? 0,
    misplaced: table?.misplaced.length ?? 0,
  })
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

/** More are not read by anybody. */
const mostLate = 20;

/** Nothing is wrong with these; but so would look what somebody has added, and had sealed afterwards. */
function lateText({ days }: Verification): readonly string[] {
  const late = days.flatMap(({ day, seal, cameLate }) =>
    cameLate.map((leaf) => ({ day, ...leaf, isRest: isRestOfDay(seal, leaf) })),
  );
  const rest = late.filter(({ isRest }) => isRest);
  const others = late.filter(({ isRest }) => !isRest);
  return [...restText(rest), ...otherLateText(others)];
}

interface CameLate extends LateLeaf {
  readonly day: UtcDay;
}

/** Whether it came while its day went on, which had been sealed as it stood, and the next seal has it, as it should. */
const isRestOfDay = (seal: Seal | undefined, { recordedAt, sealedWith }: LateLeaf): boolean =>
  seal !== undefined && isAfter({ recordedAt }, seal.until) && sealedWith === plusDays(seal.day, 1);

function restText(rest: readonly CameLate[]): readonly string[] {
  if (rest.length === 0) return [];
  const dayCount = new Set(rest.map(({ day }) => day)).size;
  return [
    `Sealed with the next day: ${countOf(rest.length, 'record')}, the rest of ${dayCount === 1 ? 'a day that was' : `${countText(dayCount)} days that were`} sealed while ${dayCount === 1 ? 'it' : 'they'} went on.`,
  ];
}

function otherLateText(late: readonly CameLate[]): readonly string[] {
  if (late.length === 0) return [];
  const more = late.length - mostLate;
  return [
    `Came late: ${countOf(late.length, 'record')} came when the day had been sealed, and went into a later seal. A record that somebody has added looks the same, so look whether you expect ${late.length === 1 ? 'it' : 'them'}:`,
    ...late
      .slice(0, mostLate)
      .map(
        ({ day, key, recordedAt, sealedWith }) =>
          `  ${day}: ${recordName(key)}, recorded at ${printable(recordedAt)}, sealed with ${sealedWith}.`,
      ),
    ...(more > 0 ? [`  and ${countText(more)} more; "--json" lists them all`] : []),
  ];
}

function tableText({ table, sealed, fits }: Verification): readonly string[] {
  if (table === undefined) {
    return [
      'Not looked for: items that stand in the list of no day, which a question for their key shows all the same. "--whole-table" reads the whole table for them.',
    ];
  }
  const { itemCount, beforeSealsCount, afterSealsCount } = table;
  const read = `The whole table was read: ${countOf(itemCount, 'item')} of the workspace, ${fits ? 'each' : 'each other one'} in the list of its day or among the seals.`;
  const outside = [
    ...(beforeSealsCount === 0 ? [] : [`${countOf(beforeSealsCount, 'item')} before ${sealed?.first}`]),
    ...(afterSealsCount === 0 ? [] : [`${countOf(afterSealsCount, 'item')} after ${sealed?.last}`]),
  ];
  return outside.length === 0
    ? [read]
    : [read, `In days of which no seal says what there must be: ${outside.join(', ')}.`];
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
