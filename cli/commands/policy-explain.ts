import { Argument, type Command, Option } from 'commander';
import { explain } from '#policy/explain.ts';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { type RuleTrigger, triggers } from '#policy/policy.ts';
import { directoryNeeds } from '#policy/resolve-names.ts';
import { forTrigger } from '#policy/verdict.ts';
import { identify, resolvePolicy } from '#sweep/identify.ts';
import { CliError, usageError } from '../cli-error.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { commandToType } from '../command-to-type.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { explanationText } from '../explanation-text.ts';
import { openIntercom } from '../open-intercom.ts';
import { readPolicyWithoutTests } from '../policy-file.ts';
import { intercomSettings } from '../settings.ts';

export function policyExplainCommand(): Command {
  return createCommand(
    'explain',
    'Reads one conversation and shows what each clause of the policy says of it.',
    [
      'retention policy explain 215472856448646',
      'retention policy explain 215472856448646 --on conversation_part.tag.created',
      'retention policy explain 215472856448646 --json | jq .verdict',
    ],
  )
    .addArgument(new Argument('<conversation>', "Intercom's conversation id"))
    .addOption(new Option('--on <trigger>', 'with the rules for this').choices(triggers).default('schedule'))
    .action((id: string, options: { readonly on: RuleTrigger }, command: Command) =>
      perform(command, (context) => explainOne(context, id, options.on)),
    );
}

async function explainOne(context: CommandContext, id: string, trigger: RuleTrigger): Promise<ExitCode> {
  const { output, environment, flags, clock } = context;
  if (!/^\d+$/.test(id)) {
    throw usageError(
      `"${id}" is no conversation id; Intercom's are digits alone, as in the conversation's address.`,
    );
  }
  const { policy } = readPolicyWithoutTests(context);
  const intercom = await openIntercom(context, intercomSettings(environment), policy);
  await identify(intercom, policy);
  const resolved = await resolvePolicy(intercom, policy);
  const directory = await intercom.directory(directoryNeeds(policy));
  const read = await intercom.read(brandId<ConversationId>(id));
  if (read === undefined) {
    throw new CliError(
      'no_such_conversation',
      `Intercom knows no conversation ${id} in this workspace; "${commandToType(flags, `status ${id}`)}" tells whether it was deleted.`,
    );
  }
  const explanation = explain(forTrigger(resolved, trigger), read.facts, clock.now(), directory);
  output.say(explanationText(output, `Conversation ${id}`, explanation));
  if (output.json) await output.document(explanation);
  return exitCodes.done;
}
