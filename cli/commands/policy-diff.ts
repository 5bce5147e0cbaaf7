import { Argument, type Command, Option } from 'commander';
import { parsePolicy } from '#policy/parse-policy.ts';
import { type RuleTrigger, triggers } from '#policy/policy.ts';
import { CliError, usageError } from '../cli-error.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { wholeNumber } from '../option-values.ts';
import { diffOnPlan, diffOnWorkspace, type PoliciesToCompare } from '../policy-diff/compare-policies.ts';
import type { ComparedPolicy } from '../policy-diff/policy-diff.ts';
import { toPolicyDiffDocument } from '../policy-diff/policy-diff-document.ts';
import { policyDiffMarkdown } from '../policy-diff/policy-diff-markdown.ts';
import { policyDiffText } from '../policy-diff/policy-diff-text.ts';
import { readPolicyText, refusedPolicy } from '../policy-file.ts';

interface DiffOptions {
  readonly markdown?: true;
  readonly plan?: string;
  readonly sample: number;
  readonly on?: RuleTrigger;
}

export function policyDiffCommand(): Command {
  return createCommand(
    'diff',
    'Says what a change of the policy would do: which conversations it would newly delete, and which spare. Deletes and writes nothing.',
    [
      'retention policy diff retention.yaml stricter.yaml',
      'git show main:retention.yaml | retention policy diff - retention.yaml --markdown > comment.md',
      'retention policy diff retention.yaml stricter.yaml --plan latest',
    ],
  )
    .addArgument(new Argument('<old>', 'the policy as it is now; "-" for standard input'))
    .addArgument(new Argument('<new>', 'the policy as it would be; "-" for standard input'))
    .option('--markdown', 'a comment for a pull request, on stdout')
    .option(
      '--plan <plan>',
      'compare on the conversations of this stored plan (or "latest"), without asking Intercom',
    )
    .addOption(
      new Option('--sample <n>', 'conversations shown of each kind')
        .argParser(wholeNumber(0, 1000))
        .default(10),
    )
    .addOption(new Option('--on <trigger>', 'with the rules for this (default: schedule)').choices(triggers))
    .action((old: string, changed: string, options: DiffOptions, command: Command) =>
      perform(command, (context) => diff(context, old, changed, options)),
    );
}

async function diff(
  context: CommandContext,
  oldPath: string,
  newPath: string,
  { markdown, plan, sample: sampleSize, on }: DiffOptions,
): Promise<ExitCode> {
  const { output } = context;
  if (markdown && output.json)
    throw usageError('--markdown and --json are two forms; leave one of them out.');
  if (plan !== undefined && on !== undefined) {
    throw usageError('A plan is made with the rules on the schedule; leave --on or --plan out.');
  }
  const policies = { ...readBoth(oldPath, newPath), sampleSize };
  const compared =
    plan === undefined
      ? await diffOnWorkspace(context, { ...policies, on: on ?? 'schedule' })
      : await diffOnPlan(context, policies, plan);
  if (output.json) await output.document(toPolicyDiffDocument(compared));
  else if (markdown) await output.data(policyDiffMarkdown(compared));
  else output.say(policyDiffText(output, compared));
  return exitCodes.done;
}

/** @throws CliError that lists what is wrong with either, or names the two workspaces that they are for. */
function readBoth(oldPath: string, newPath: string): Omit<PoliciesToCompare, 'sampleSize'> {
  if (oldPath === '-' && newPath === '-') {
    throw usageError('Only one of the two policies can come from standard input; name a file for the other.');
  }
  const [old, changed] = [parseCompared(oldPath), parseCompared(newPath)];
  if (old instanceof CliError) throw changed instanceof CliError ? bothRefused(old, changed) : old;
  if (changed instanceof CliError) throw changed;
  if (old.policy.workspaceId !== changed.policy.workspaceId) {
    throw new CliError(
      'other_workspace',
      `${old.path} is written for the workspace ${old.policy.workspaceId} and ${changed.path} for ${changed.policy.workspaceId}; compare two policies of one workspace.`,
    );
  }
  return { old, new: changed };
}

/** A policy that fails its own tests is compared all the same, and said to. */
function parseCompared(named: string): ComparedPolicy | CliError {
  const path = named === '-' ? 'standard input' : named;
  const parsed = parsePolicy(readPolicyText(named));
  if (parsed.ok) return { path, failedTests: 0, ...parsed };
  if (parsed.untrusted === undefined) return refusedPolicy(path, parsed);
  return { path, failedTests: parsed.failedTests.length, ...parsed.untrusted };
}

const bothRefused = (old: CliError, changed: CliError): CliError =>
  new CliError(old.code, `${old.message}\n${changed.message}`, [...old.problems, ...changed.problems]);
