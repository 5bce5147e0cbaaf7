import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { deployCheckText } from '../deploy-check/deploy-check-text.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { parseWebUrl } from '../option-values.ts';
import { type PolicyFile, readPolicyFile } from '../policy-file.ts';
import { policyPath, stackSetting } from '../settings.ts';

interface DeployCheckOptions {
  readonly webhookUrl?: string;
}

export function deployCheckCommand(): Command {
  return createCommand(
    'deploy-check',
    'Looks whether a deployed stack has all that it needs: secret, token, permissions, webhook, protected tables, schedules, key and bucket of the seals, their policies, somebody who hears of alarms. Changes nothing.',
    [
      'retention deploy-check --stack IntercomRetention-production',
      'retention deploy-check --stack IntercomRetention-production --json | jq \'.checks[] | select(.status != "ok")\'',
    ],
  )
    .option(
      '--webhook-url <url>',
      "where Intercom sends to, when that is not the stack's own address",
      parseWebUrl,
    )
    .action((options: DeployCheckOptions, command: Command) =>
      perform(command, (context) => deployCheck(context, options)),
    );
}

async function deployCheck(context: CommandContext, { webhookUrl }: DeployCheckOptions): Promise<ExitCode> {
  const { output, clock, environment, flags } = context;
  const name = stackSetting(environment, flags);
  const policyFile = localPolicy(context);
  const { checkDeployment } = await import('../deploy-check/check-deployment.ts'); // since it loads the AWS SDK
  const checks = await checkDeployment(name, { policyFile, webhookUrl, clock, environment });
  const holds = checks.every(({ status }) => status === 'ok' || status === 'not_checked');

  output.say(deployCheckText(output, name, checks));
  if (output.json) {
    await output.document({
      stack: name,
      ok: holds,
      checks: checks.map(({ name: check, status, message }) => ({ check, status, message })),
    });
  }
  return holds ? exitCodes.done : exitCodes.failed;
}

/** A policy that is named has to be there; the one of this folder may be missing, since a deployment can be checked from anywhere. */
function localPolicy(context: CommandContext): PolicyFile | undefined {
  const { environment, flags } = context;
  const isNamed = flags.policy !== undefined || environment['RETENTION_POLICY'] !== undefined;
  return isNamed || existsSync(policyPath(environment, flags)) ? readPolicyFile(context) : undefined;
}
