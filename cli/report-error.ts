import { IntercomError } from '#intercom/intercom-error.ts';
import { ConfigurationError, LeaseLostError, OutsideError, StoreError } from '#sweep/errors.ts';
import { CliError, type Problem } from './cli-error.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Output, OutputClosedError } from './output.ts';

/** What is told of an error, to a person and to a script. */
interface ErrorReport {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly problems: readonly Problem[];
}

/** Says what went wrong: a sentence on stderr, and with `--json` one document on stdout. */
export async function reportError(output: Output, error: unknown): Promise<ExitCode> {
  if (error instanceof OutputClosedError) return exitCodes.done; // `| head` has seen enough
  const report = toErrorReport(error);
  output.warn(report.message);
  if (output.json) await sayDocument(output, report);
  return report.exitCode;
}

async function sayDocument(output: Output, { code, message, problems }: ErrorReport): Promise<void> {
  try {
    await output.document({ error: problems.length === 0 ? { code, message } : { code, message, problems } });
  } catch (error) {
    if (!(error instanceof OutputClosedError)) throw error;
  }
}

function toErrorReport(error: unknown): ErrorReport {
  if (error instanceof CliError) {
    return {
      exitCode: exitCodes.badUsage,
      code: error.code,
      message: error.message,
      problems: error.problems,
    };
  }
  if (error instanceof ConfigurationError) return report(exitCodes.badUsage, 'configuration', error);
  if (error instanceof IntercomError) return report(exitCodes.failed, error.code, error);
  if (error instanceof StoreError) return report(exitCodes.failed, 'store', error);
  if (error instanceof OutsideError) return report(exitCodes.failed, 'outside', error);
  if (error instanceof LeaseLostError) return report(exitCodes.failed, 'lease_lost', error);
  if (isPromptLeft(error)) {
    return {
      exitCode: exitCodes.failed,
      code: 'interrupted',
      message: 'Left at the question; nothing was changed.',
      problems: [],
    };
  }
  return {
    exitCode: exitCodes.failed,
    code: 'internal',
    message: `This is a fault of retention itself; please report it with these lines.\n${stackOf(error)}`,
    problems: [],
  };
}

const report = (exitCode: ExitCode, code: string, { message }: Error): ErrorReport => ({
  exitCode,
  code,
  message,
  problems: [],
});

/** Ctrl-C at one of inquirer's questions; its error classes are told by name, as its documentation says. */
const isPromptLeft = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError');

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
