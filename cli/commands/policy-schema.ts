import type { Command } from 'commander';
import { policyJsonSchema } from '#policy/policy-json-schema.ts';
import { createCommand, perform } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';

export function policySchemaCommand(): Command {
  return createCommand('schema', "Prints the policy file's JSON Schema, for editors.", [
    'retention policy schema > policy.schema.json',
  ]).action((_options: unknown, command: Command) =>
    perform(command, async ({ output }) => {
      await output.data(`${JSON.stringify(policyJsonSchema(), undefined, 2)}\n`);
      return exitCodes.done;
    }),
  );
}
