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
 * @throws DeploymentError that names every problem of the settings and of the policy.
 */
export function readDeployment(context: Pick<Node, 'tryGetContext'>, projectPath: string): Deployment {
  const stage: unknown = context.tryGetContext('stage');
  if (typeof stage !== 'string' || !/^[a-z][a-z0-9-]{0,30}$/.test(stage)) {
    throw new DeploymentError(
      'The stage is no short name of small letters, digits and "-"; give -c stage=production.',
    );
  }
  const value = settingsValue(context, stage, projectPath);
  const settings = parseSettings(value);
  const policy = readPolicy(projectPath, textAt(value, 'policyFile'));
  const paceProblems = policy.ok ? problemsOfPaces(policy.policy, textAt(value, 'eventPace')) : [];
  if (settings.ok && policy.ok && paceProblems.length === 0) {
    const { policyPath, policyHash } = policy;
    return { stage, settings: settings.settings, policy: policy.policy, policyHash, policyPath };
  }
  const problems = [
    ...(settings.ok ? [] : [`The settings of the stage "${stage}":`, ...settings.problems]),
    ...(policy.ok ? [] : policy.problems),
    ...paceProblems,
  ];
  throw new DeploymentError(problems.join(' '));
}

/** Sweep, event worker and reconciliation may be under way at the same time, and Intercom counts their calls together. */
function problemsOfPaces({ pace }: NamedPolicy, givenEventPace: string | undefined): readonly string[] {
  const eventPace = givenEventPace === undefined ? defaultEventPace : parseShare(givenEventPace);
  if (eventPace === undefined || fitInOneLimit([pace, eventPace, reconcilePace])) return [];
  return [
    `The paces ask for more than all of Intercom's rate limit: ${formatShare(pace)} for sweeps ("pace" in the policy), ${formatShare(eventPace)} for events (the setting "eventPace") and ${formatShare(reconcilePace)} for the reconciliation; lower "pace" or "eventPace" until they are 100% at most.`,
  ];
}

function settingsValue(context: Pick<Node, 'tryGetContext'>, stage: string, projectPath: string): unknown {
  const file: unknown = context.tryGetContext('settings');
  if (typeof file === 'string') return readJson(resolve(projectPath, file), file);
  const stages: unknown = context.tryGetContext('stages');
  const value = valueAt(stages, stage);
  if (value !== undefined) return value;
  throw new DeploymentError(
    `There are no settings for the stage "${stage}"; add them to "stages" in cdk.json, or name their file with -c settings=FILE.`,
  );
}

type PolicyRead =
  | ({ readonly ok: true } & Pick<Deployment, 'policy' | 'policyHash' | 'policyPath'>)
  | { readonly ok: false; readonly problems: readonly string[] };

/** @param file As the settings name it; when they do not, that is a problem of theirs. */
function readPolicy(projectPath: string, file: string | undefined): PolicyRead {
  if (file === undefined) return { ok: false, problems: [] };
  const policyPath = resolve(projectPath, file);
  const text = readText(policyPath);
  if (text === undefined) return { ok: false, problems: [unreadable(file)] };
  const parsed = parsePolicy(text);
  if (parsed.ok) return { ok: true, policy: parsed.policy, policyHash: parsed.hash, policyPath };
  const problems = parsed.problems.map(({ line, column, message }) => `${file}:${line}:${column} ${message}`);
  return { ok: false, problems: ['The policy cannot be deployed.', ...problems] };
}

function readJson(path: string, file: string): unknown {
  const text = readText(path);
  if (text === undefined) throw new DeploymentError(unreadable(file));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DeploymentError(
      `The file ${file} is no JSON; write the settings of one stage as a JSON object.`,
      { cause },
    );
  }
}

const unreadable = (file: string): string =>
  `The file ${file} cannot be read; give the path from the project's folder.`;

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(key)
    : undefined;
}

function textAt(value: unknown, key: string): string | undefined {
  const text = valueAt(value, key);
  return typeof text === 'string' ? text : undefined;
}
