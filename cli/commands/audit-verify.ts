import { type Command, Option } from 'commander';
import { keyText } from '#seal/audit-record.ts';
import { checkChain } from '#seal/check-chain.ts';
import { checkTable, type SealedSpan, type TableCheck } from '#seal/check-table.ts';
import { lastCompleteDay, usualSettlingDelayMs } from '#seal/complete-days.ts';
import type { SealPublicKey } from '#seal/signing-key.ts';
import type { UtcDay } from '#seal/utc-day.ts';
import { publishedKeys, type VerifiedDay, verifySeals } from '#seal/verify-seals.ts';
import { CliError, usageError } from '../cli-error.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { parseDay } from '../option-values.ts';
import { readPublicKeys } from '../public-key-file.ts';
import { tellCertificate, tellExport } from '../tell-verified.ts';
import { tellVerifiedDays } from '../tell-verified-days.ts';
import { verificationOf } from '../verification.ts';
import { toVerificationDocument } from '../verification-document.ts';
import { tableFindingsText, verificationText } from '../verification-text.ts';
import { tellReading, tellVerifying } from '../verify-progress.ts';
import { type VerifySource, withVerifySource } from '../verify-source.ts';

interface AuditVerifyOptions {
  readonly from?: UtcDay;
  readonly to?: UtcDay;
  readonly publicKey?: string;
  readonly wholeTable?: true;
  readonly export?: string;
  readonly certificate?: string;
}

export function auditVerifyCommand(): Command {
  return createCommand(
    'verify',
    'Holds the audit against its seals, and names every record that was removed, added, altered or moved since.',
    [
      'retention audit verify',
      'retention audit verify --public-key auditor/seal-key.pub.pem',
      'retention audit verify --from 2026-01-01 --to 2026-03-31 --json',
      'retention audit verify --whole-table --public-key auditor/seal-key.pub.pem',
      'retention audit verify --export q1 --public-key seal-key.pub.pem',
      'retention audit verify --certificate certificate.html --public-key seal-key.pub.pem',
    ],
  )
    .addOption(
      new Option('--from <day>', 'the first day (UTC) whose records are verified').argParser(parseDay),
    )
    .addOption(
      new Option('--to <day>', 'the last day; every day up to it must be sealed').argParser(parseDay),
    )
    .option(
      '--public-key <file>',
      'the keys that you trust, in PEM (default: those that the audit itself names)',
    )
    .option(
      '--whole-table',
      'also reads the whole table, for items that stand in the list of no day (all days: no --from or --to; needs dynamodb:Scan)',
    )
    .addOption(
      new Option(
        '--export <folder>',
        'verifies an export by itself: needs no account, network or policy',
      ).conflicts(['from', 'to', 'certificate']),
    )
    .addOption(
      new Option('--certificate <file>', 'verifies a certificate by itself, the page or its JSON').conflicts([
        'from',
        'to',
      ]),
    )
    .action((options: AuditVerifyOptions, command: Command) =>
      perform(command, (context) => verify(context, options)),
    );
}

function verify(context: CommandContext, options: AuditVerifyOptions): Promise<ExitCode> {
  const { output, clock } = context;
  const trustedKeys = options.publicKey === undefined ? undefined : readPublicKeys(options.publicKey);
  assertSpan(options);
  assertTable(options);
  if (options.export !== undefined) return tellExport(output, options.export, trustedKeys);
  if (options.certificate !== undefined) return tellCertificate(output, options.certificate, trustedKeys);
  return withVerifySource(context, async (opened) => {
    const days: VerifiedDay[] = [];
    const verified = tellVerifiedDays(output);
    const tellProgress = tellVerifying(output, clock);
    const lastDue = lastCompleteDay(clock.now(), usualSettlingDelayMs);
    const { from, to } = options;
    const sealedUntil = to === undefined || to <= lastDue ? to : lastDue;
    const request = { workspaceId: opened.workspaceId, from, to, sealedUntil, trustedKeys };
    for await (const day of verifySeals(opened.source, request)) {
      verified.tell(day);
      days.push(day);
      tellProgress(day);
    }
    verified.end();
    if (days.length === 0) throw nothingSealed(opened, options);
    const sealed = await sealedSpan(opened, trustedKeys);
    const table = options.wholeTable ? await readTable(context, opened, { days, sealed }) : undefined;
    const verification = verificationOf(days, { ...opened, lastDue, trustedKeys, sealed, table });
    output.say(verificationText(verification));
    if (output.json) await output.document(toVerificationDocument(verification));
    return verification.fits ? exitCodes.done : exitCodes.incomplete;
  });
}

function assertSpan({ from, to }: AuditVerifyOptions): void {
  if (from !== undefined && to !== undefined && from > to) {
    throw usageError('--from is later than --to; swap them.');
  }
}

/** An export or a certificate is all that there is of it. Of a day that is not verified, the table does not say what was added. */
function assertTable({ wholeTable, from, to, export: folder, certificate }: AuditVerifyOptions): void {
  if (wholeTable === undefined) return;
  if (from !== undefined || to !== undefined) {
    throw usageError(
      `--whole-table needs every sealed day verified, which ${from === undefined ? '--to' : '--from'} does not; leave one out.`,
    );
  }
  if (folder === undefined && certificate === undefined) return;
  const other = folder === undefined ? '--certificate' : '--export';
  throw usageError(`--whole-table reads the audit's own table, which ${other} does without; leave one out.`);
}

interface VerifiedSeals {
  readonly days: readonly VerifiedDay[];
  readonly sealed: SealedSpan | undefined;
}

async function readTable(
  { output, clock }: CommandContext,
  { wholeTable, workspaceId }: VerifySource,
  { days, sealed }: VerifiedSeals,
): Promise<TableCheck> {
  const findings = days.flatMap((day) => day.findings);
  const named = new Set(
    findings.flatMap((finding) => ('record' in finding ? [keyText(finding.record.key)] : [])),
  );
  const observe = tellReading(output, clock);
  const table = await checkTable(wholeTable, { workspaceId, sealed, named, clock, observe });
  const findingsText = tableFindingsText(table);
  if (findingsText !== '') output.say(findingsText);
  return table;
}

/** A seal that nobody signed says nothing about how far the seals go. */
async function sealedSpan(
  { source, workspaceId }: VerifySource,
  trustedKeys: readonly SealPublicKey[] | undefined,
): Promise<SealedSpan | undefined> {
  const keys = trustedKeys ?? (await publishedKeys(source, workspaceId));
  const seals = await Array.fromAsync(source.seals(workspaceId));
  const signed = [...checkChain(workspaceId, seals, keys)].filter(({ seal }) => seal !== undefined);
  const [first, last] = [signed.at(0)?.day, signed.at(-1)?.day];
  return first === undefined || last === undefined ? undefined : { first, last };
}

/** Nothing sealed is nothing proved: it must not look like success. */
const nothingSealed = ({ workspaceId }: VerifySource, { from, to }: AuditVerifyOptions): CliError => {
  const span = `${from === undefined ? '' : ` from ${from}`}${to === undefined ? '' : ` to ${to}`}`;
  return new CliError(
    'nothing_sealed',
    `No day of the workspace ${workspaceId}${span} is sealed, so there is nothing to verify; run "retention audit seal" first, or choose other days.`,
  );
};
