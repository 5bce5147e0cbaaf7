import type { Command } from 'commander';
import { explain } from '#policy/explain.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import { identify, policyForTrigger } from '#sweep/identify.ts';
import type { Workspace } from '#sweep/ports.ts';
import { CliError } from '../cli-error.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { explanationText } from '../explanation-text.ts';
import { countOf } from '../number-text.ts';
import { openIntercom } from '../open-intercom.ts';
import { type PolicyFile, readPolicyText, refusedPolicy } from '../policy-file.ts';
import { policyWarnings } from '../policy-warnings.ts';
import { printable } from '../printable.ts';
import { intercomSettings, policyPath } from '../settings.ts';
import { testNameWarnings } from '../test-name-warnings.ts';

export function policyCheckCommand(): Command {
  return createCommand(
    'check',
    'Checks the policy file and runs the tests in it; with a token also against the workspace: its id, its tags, teams and teammates, and what its API version can do.',
    [
      'retention policy check',
      'retention policy check --policy eu.yaml --json',
      'INTERCOM_ACCESS_TOKEN=… retention policy check',
    ],
  ).action((_options: unknown, command: Command) => perform(command, check));
}

async function check(context: CommandContext): Promise<ExitCode> {
  const { output, environment } = context;
  const file = readTestedPolicy(context);
  const hasToken = environment['INTERCOM_ACCESS_TOKEN'] !== undefined;
  const workspace = hasToken ? await checkAgainstWorkspace(context, file) : undefined;
  const warnings = [...policyWarnings(file.policy), ...testNameWarnings(file)];

  for (const { path, message } of warnings) {
    output.say(`${output.style('yellow', 'Warning')}: ${path}: ${message}`);
  }
  output.say(checkedText(file, workspace));
  if (output.json) {
    await output.document({
      valid: true,
      policy_hash: file.hash,
      workspace_id: file.policy.workspaceId,
      mode: file.policy.mode,
      rules: file.policy.rules.map(({ id }) => id),
      tests: file.tests.length,
      checked_against_workspace: workspace !== undefined,
      warnings,
    });
  }
  return exitCodes.done;
}

/** Shows clause by clause why a test fails. @throws CliError that lists every problem, and every test that fails. */
function readTestedPolicy({ output, environment, flags }: CommandContext): PolicyFile {
  const path = policyPath(environment, flags);
  const parsed = parsePolicy(readPolicyText(path));
  if (parsed.ok) return { path, ...parsed };
  const error = refusedPolicy(path, parsed);
  const explanations = parsed.failedTests.map(({ judged }) =>
    explain(judged.policy, judged.facts, judged.now),
  );
  parsed.failedTests.forEach(({ name }, index) => {
    const explanation = explanations[index];
    const subject = `The conversation of the test ${JSON.stringify(name)}`;
    if (explanation !== undefined) output.say(`${explanationText(output, subject, explanation)}\n`);
  });
  if (explanations.length === 0) throw error;
  const explained = parsed.problems.map((problem, index) => ({
    ...problem,
    explanation: explanations[index],
  }));
  throw new CliError(error.code, error.message, explained);
}

/** @throws ConfigurationError for another workspace, an unknown name, or a flag that the API version would ignore. */
async function checkAgainstWorkspace(context: CommandContext, { policy }: PolicyFile): Promise<Workspace> {
  const intercom = await openIntercom(context, intercomSettings(context.environment), policy);
  const workspace = await identify(intercom, policy);
  for (const trigger of new Set(policy.rules.flatMap(({ on }) => on))) {
    await policyForTrigger(intercom, policy, trigger);
  }
  return workspace;
}

function checkedText({ path, policy, hash, tests }: PolicyFile, workspace: Workspace | undefined): string {
  const against =
    workspace === undefined
      ? 'Not checked against the workspace, since INTERCOM_ACCESS_TOKEN is not set.'
      : `Its names are those of the workspace ${printable(workspace.name)}.`;
  return [
    `${path} is a valid policy for the workspace ${policy.workspaceId}: ${countOf(policy.rules.length, 'rule')}, mode ${policy.mode}.`,
    tests.length === 0 ? 'It has no tests.' : `It passes its ${countOf(tests.length, 'test')}.`,
    `Its hash is ${hash}.`,
    against,
  ].join('\n');
}
