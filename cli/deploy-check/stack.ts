import { outputNames } from '#runtime/output-names.ts';
import { type DeployedStack, noStackText } from '../deployed-stack.ts';
import { countOf } from '../number-text.ts';
import { type Check, missing, ok } from './check.ts';

const complete: ReadonlySet<string> = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);

/** Whether the stack is there, complete, and of this version. */
export function checkStack(name: string, stack: DeployedStack | undefined): Check {
  if (stack === undefined) return missing(noStackText(name));
  if (stack.status.endsWith('_IN_PROGRESS'))
    return missing(`It is ${stack.status}; wait until CloudFormation is through, and check again.`);
  if (!complete.has(stack.status))
    return missing(
      `It is ${stack.status}; see its events in CloudFormation for what went wrong, and deploy again.`,
    );
  const lacking = Object.values(outputNames).filter((output) => !stack.outputs.has(output));
  if (lacking.length > 0)
    return missing(`It is of an older version and has no ${lacking.join(', ')}; deploy this version.`);
  return ok(`It is ${stack.status}, with ${countOf(stack.outputs.size, 'output')}.`);
}
