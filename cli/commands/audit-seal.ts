import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import { subtractDuration } from '#policy/duration.ts';
import type { WorkspaceId } from '#policy/ids.ts';
import type { Duration } from '#policy/policy.ts';
import { openSeal } from '#seal/check-chain.ts';
import type { SealHeader } from '#seal/seal.ts';
import { sealDays } from '#seal/seal-days.ts';
import type { SealSource, SealStore } from '#seal/seal-store.ts';
import { dayMs, dayOf, type UtcDay } from '#seal/utc-day.ts';
import { publishedKeys } from '#seal/verify-seals.ts';
import { CliError } from '../cli-error.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { parseLength } from '../option-values.ts';
import { isThere, type KeyFile, openKeyFile } from '../seal-key-file.ts';
import { type NothingSealed, sealedDayText, sealingText, toSealedDayDocument } from '../seal-text.ts';
import { dataDir } from '../settings.ts';
import { withStore } from '../store-work.ts';

interface AuditSealOptions {
  readonly settlingDelay: Duration;
  readonly lookBack: Duration;
  readonly key?: string;
  readonly newKey?: boolean;
  readonly today?: boolean;
}

const usualSettlingDelay: Duration = { amount: 1, unit: 'h' };
const usualLookBack: Duration = { amount: 3, unit: 'd' };

export function auditSealCommand(): Command {
  return createCommand(
    'seal',
    'Seals every day of the audit that is over and has no seal yet: signs what it holds, so that a later change shows.',
    [
      'retention audit seal',
      'retention audit seal --key /secure/seal-key.pem',
      'retention audit seal --today            # before an auditor comes at noon',
      'retention audit seal --look-back 30d    # takes in what an import or a wrong clock has added to older days',
    ],
  )
    .addOption(
      new Option('--settling-delay <length>', 'how long a day must be over before it is sealed')
        .argParser(parseLength)
        .default(usualSettlingDelay, '1h'),
    )
    .addOption(
      new Option(
        '--look-back <length>',
        'how far before the newest seal records are looked for that came late',
      )
        .argParser(parseLength)
        .default(usualLookBack, '3d'),
    )
    .option(
      '--key <file>',
      'the private key in PEM, made if missing (default: seal-key.pem in the data folder)',
    )
    .option('--new-key', 'sign with another key than the newest seal was signed with')
    .option('--today', 'today as well, as it stands; what it still brings goes into the next seal')
    .action((options: AuditSealOptions, command: Command) =>
      perform(command, (context) => sealAudit(context, options)),
    );
}

function sealAudit(context: CommandContext, options: AuditSealOptions): Promise<ExitCode> {
  const { output, environment, flags } = context;
  const path = options.key ?? join(dataDir(environment, flags), 'seal-key.pem');
  return withStore(context, async ({ seals: store, policyFile, clock }) => {
    const { workspaceId } = policyFile.policy;
    const otherKey = options.newKey === true ? 'accept' : 'refuse';
    if (otherKey === 'refuse' && !isThere(path)) await assertNothingSealed(store, workspaceId, path);
    const key = openKeyFile(path);
    const sealed: SealHeader[] = [];
    for await (const seal of sealDays(
      { store, signer: key.signer, clock, newId: uuidv7 },
      {
        workspaceId,
        settlingDelayMs: lengthInMs(clock.now(), options.settlingDelay),
        lookBackDays: Math.ceil(lengthInMs(clock.now(), options.lookBack) / dayMs),
        otherKey,
        runningDay: options.today === true ? 'seal' : 'leave',
      },
    )) {
      output.say(sealedDayText(seal));
      sealed.push(seal);
    }
    const why =
      sealed.length === 0 ? await whyNothingSealed(store, workspaceId, dayOf(clock.now())) : undefined;
    output.say(sealingText(sealed, key, why));
    if (output.json) await output.document(toSealingDocument(workspaceId, sealed, key));
    return exitCodes.done;
  });
}

/** A key that is made now has signed nothing yet. @throws CliError where something is sealed */
async function assertNothingSealed(store: SealSource, workspaceId: WorkspaceId, path: string): Promise<void> {
  const newest = await newestSeal(store, workspaceId);
  if (newest === undefined) return;
  const { signedBy } = openSeal(workspaceId, newest, await publishedKeys(store, workspaceId));
  const key = signedBy === undefined ? 'another key' : `the key ${signedBy.fingerprint}`;
  throw new CliError(
    'seal_key_missing',
    `There is no key file ${path}, and the seal of ${newest.day} was signed with ${key}; name the file of that key with --key, or say with --new-key that a new one begins.`,
  );
}

const newestSeal = async (
  { seals }: Pick<SealSource, 'seals'>,
  workspaceId: WorkspaceId,
): Promise<SealHeader | undefined> => (await Array.fromAsync(seals(workspaceId))).at(-1);

/** What there is to say when no day was sealed. */
async function whyNothingSealed(
  store: SealStore,
  workspaceId: WorkspaceId,
  today: UtcDay,
): Promise<NothingSealed> {
  const newest = await newestSeal(store, workspaceId);
  if (newest === undefined && (await store.firstRecordDay(workspaceId)) === undefined) return 'no_record';
  return newest?.day === today ? 'today_is_sealed' : 'none_due';
}

const lengthInMs = (now: ReturnType<CommandContext['clock']['now']>, length: Duration): number =>
  now - subtractDuration(now, length);

const toSealingDocument = (workspaceId: WorkspaceId, sealed: readonly SealHeader[], key: KeyFile) => ({
  workspace_id: workspaceId,
  sealed: sealed.map(toSealedDayDocument),
  key: {
    fingerprint: key.signer.publicKey.fingerprint,
    algorithm: key.signer.publicKey.algorithm,
    public_key_file: key.publicPath,
    is_new: key.isNew,
  },
});
