import { StateMachine } from 'aws-local-stepfunctions';
import type { Json, Template } from './template.ts';

/** A state machine's definition as Step Functions gets it: CloudFormation's references become words. */
export function definitionOf(template: Template, idStart: string): Json {
  const { DefinitionString } = template.one('AWS::StepFunctions::StateMachine', idStart).properties;
  return JSON.parse(flatten(DefinitionString));
}

function flatten(value: Json): string {
  if (typeof value === 'string') return value;
  if (value['Fn::Join'] !== undefined) return value['Fn::Join'][1].map(flatten).join(value['Fn::Join'][0]);
  if (value.Ref === 'AWS::Partition') return 'aws';
  if (value.Ref !== undefined) return `arn:aws:sns:eu-west-1:123456789012:${value.Ref}`;
  return `arn:aws:lambda:eu-west-1:123456789012:function:${value['Fn::GetAtt'][0]}`;
}

export interface Execution {
  readonly status: 'SUCCEEDED' | 'FAILED';
  /** The name of the error that it failed with. */
  readonly error: string | undefined;
  /** Names of the states that it went through, in order. */
  readonly states: readonly string[];
  /** The cause of the error where it failed. */
  readonly output: Json;
}

type Tasks = Readonly<Record<string, (input: Json) => Promise<Json>>>;

/** Runs an execution with functions in the place of its tasks and no pause before a retry. */
export async function execute(
  definition: Json,
  { name, input, tasks }: { readonly name: string; readonly input: Json; readonly tasks: Tasks },
): Promise<Execution> {
  const machine = new StateMachine(definition, { validationOptions: { checkPaths: false, checkArn: false } });
  const retried = Object.entries<Json>(definition.States).filter(([, state]) => state.Retry !== undefined);
  const run = machine.run(input, {
    overrides: {
      taskResourceLocalHandlers: tasks,
      retryIntervalOverrides: Object.fromEntries(
        retried.map(([state, { Retry }]) => [state, Retry.map(() => 0)]),
      ),
    },
    context: { Execution: { Name: name, Input: input } },
  });
  const states: string[] = [];
  const watching = (async () => {
    for await (const event of run.eventLogs) {
      if (event.type === 'StateEntered') states.push(event.state.name);
    }
  })();
  try {
    const output = await run.result;
    await watching;
    return { status: 'SUCCEEDED', error: undefined, states, output };
  } catch (error) {
    await watching;
    const { name: errorName, message } = (error as Error).cause as Error;
    return { status: 'FAILED', error: errorName, states, output: message };
  }
}
