import type { ReconcileReport } from '#sweep/reconcile.ts';
import type { CommandContext } from './command-context.ts';
import { commandToType } from './command-to-type.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { toReconcileDocument } from './reconciliation-document.ts';
import { reconciliationText } from './reconciliation-text.ts';

/** Tells what a reconciliation found, to a person and to a script. */
export async function tellReconcile(
  { output, flags }: Pick<CommandContext, 'output' | 'flags'>,
  report: ReconcileReport,
): Promise<ExitCode> {
  const { reconciliation, absences, done } = report;
  output.say(reconciliationText(reconciliation, absences));
  if (output.json) await output.document(toReconcileDocument(report));
  if (!done) {
    output.warn(
      `Stopped with the state saved; "${commandToType(flags, 'reconcile')}" goes on where it stopped.`,
    );
    return exitCodes.failed;
  }
  return needsAttention(report) ? exitCodes.incomplete : exitCodes.done;
}

/** A flag cannot be put right by running again, so a mismatch counts when it is new; an absence as long as it lasts. */
const needsAttention = ({ reconciliation: { counts, change } }: ReconcileReport): boolean =>
  change.flag_mismatch > 0 || counts.claimed_but_absent > 0;
