import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Node } from 'constructs';
import type { PolicyHash } from '#policy/ids.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import type { NamedPolicy } from '#policy/policy.ts';
import { formatShare, parseShare } from '#policy/share.ts';
import { defaultEventPace, fitInOneLimit, reconcilePace } from '#policy/shared-limit.ts';
import { parseSettings, type Settings } from './settings.ts';

/** What one stack is made from: checked settings and a checked policy. */
export interface Deployment {
  /** Names the stack and every metric; another workspace of the same account needs another. */
  readonly stage: string;
  readonly settings: Settings;
  readonly policy: NamedPolicy;
  readonly policyHash: PolicyHash;
  /** Absolute path of the policy. */
  readonly policyPath: string;
}

/** Something in the settings or the policy must be changed first. The message is all there is to say: it needs no stack trace. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}

/**
 * Reads the context `stage`, and its settings from `stages` or from the JSON file that the context `settings` names.
 * @throws DeploymentError that names every problem.
 */
export function readDeployment(context: Pick<Node, 'tryGetContext'>, projectPath: string): Deployment {
  const stage: unknown = context.tryGetContext('stage');
  if (typeof stage !== 'string' || !/^[a-z][a-z0-9-]{0,30}$/.test(stage)) {
    throw new DeploymentError(
      'The stage is no short name of small letters, digits and "-"; give -c stage=production.',
    );
  }
  const parsed = parseSettings(settingsValue(context, stage, projectPath));
  if (!parsed.ok)
    throw new DeploymentError(`The settings of the stage "${stage}": ${parsed.problems.join(' ')}`);
  const { settings } = parsed;
  const policyPath = resolve(projectPath, settings.policyFile);
  const { policy, hash: policyHash } = readPolicy(policyPath, settings.policyFile);
  assertPacesFit(policy, settings);
  return { stage, settings, policyPath, policy, policyHash };
}

/** Sweep, event worker and reconciliation may be under way at the same time, and Intercom counts their calls together. */
function assertPacesFit({ pace }: NamedPolicy, settings: Settings): void {
  const eventPace = parseShare(settings.eventPace ?? '') ?? defaultEventPace;
  if (fitInOneLimit([pace, eventPace, reconcilePace])) return;
  throw new DeploymentError(
    `The paces ask for more than all of Intercom's rate limit: ${formatShare(pace)} for sweeps ("pace" in the policy), ${formatShare(eventPace)} for events (the setting "eventPace") and ${formatShare(reconcilePace)} for the reconciliation; lower "pace" or "eventPace" until they are 100% at most.`,
  );
}

function settingsValue(context: Pick<Node, 'tryGetContext'>, stage: string, projectPath: string): unknown {
  const file: unknown = context.tryGetContext('settings');
  if (typeof file === 'string') return parseJson(readText(resolve(projectPath, file), file), file);
  const stages: unknown = context.tryGetContext('stages');
  if (typeof stages === 'object' && stages !== null && Object.hasOwn(stages, stage)) {
    return new Map<string, unknown>(Object.entries(stages)).get(stage);
  }
  throw new DeploymentError(
    `There are no settings for the stage "${stage}"; add them to "stages" in cdk.json.`,
  );
}

function readPolicy(path: string, name: string): { readonly policy: NamedPolicy; readonly hash: PolicyHash } {
  const parsed = parsePolicy(readText(path, name));
  if (parsed.ok) return parsed;
  const problems = parsed.problems.map(({ line, column, message }) => `${name}:${line}:${column} ${message}`);
  throw new DeploymentError(`The policy cannot be deployed. ${problems.join(' ')}`);
}

function readText(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new DeploymentError(`The file ${name} cannot be read; give the path from the project's folder.`, {
      cause,
    });
  }
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DeploymentError(
      `The file ${name} is no JSON; write the settings of one stage as a JSON object.`,
      { cause },
    );
  }
}
