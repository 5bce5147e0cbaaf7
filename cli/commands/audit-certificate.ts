import type { Command } from 'commander';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { certificateFiles, writeCertificate } from '../certificate/certificate-files.ts';
import { makeCertificate } from '../certificate/make-certificate.ts';
import { usageError } from '../cli-error.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { withStore } from '../store-work.ts';
import { toolName } from '../tool-name.ts';

interface CertificateOptions {
  readonly out: string;
}

export function auditCertificateCommand(): Command {
  return createCommand(
    'certificate',
    'Writes a certificate that one conversation was deleted: a page to print, and its JSON beside it.',
    [
      'retention audit certificate 215472856448646 --out certificate.html',
      'retention audit verify --certificate certificate.html --public-key seal-key.pub.pem',
    ],
  )
    .argument('<conversation>', "Intercom's conversation id")
    .requiredOption('--out <file>', 'the page to write; it ends with .html')
    .action((id: string, options: CertificateOptions, command: Command) =>
      perform(command, (context) => certify(context, id, options)),
    );
}

function certify(context: CommandContext, id: string, { out }: CertificateOptions): Promise<ExitCode> {
  const { output, clock } = context;
  if (!/^\d+$/.test(id)) {
    throw usageError(
      `"${id}" is no conversation id; Intercom's are digits alone, as in the conversation's address.`,
    );
  }
  const files = certificateFiles(out);
  return withStore(context, async ({ audit, seals, policyFile }) => {
    const { workspaceId } = policyFile.policy;
    const deps = { audit, seals, clock };
    const certificate = await makeCertificate(deps, workspaceId, brandId<ConversationId>(id), toolName);
    writeCertificate(files, certificate);
    const { claims, records, public_keys: keys } = certificate;
    output.say(
      `${files.page} and ${files.json}: conversation ${id} was deleted at ${claims.deleted_at}, proven by ${records.length} sealed records.`,
    );
    if (output.json) {
      await output.document({ ...files, claims, key_ids: keys.map(({ key_id }) => key_id) });
    }
    return exitCodes.done;
  });
}
