import { readFileSync } from 'node:fs';
import type { PolicyHash } from '#policy/ids.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import type { NamedPolicy } from '#policy/policy.ts';
import type { PolicyProblem } from '#policy/policy-problem.ts';
import { CliError, usageError } from './cli-error.ts';
import type { CommandContext } from './command-context.ts';
import { countOf } from './number-text.ts';
import { policyPath } from './settings.ts';

/** A policy that could be read, and the file it stands in. */
export interface PolicyFile {
  readonly path: string;
  readonly policy: NamedPolicy;
  readonly hash: PolicyHash;
  readonly canonicalJson: string;
}

/** @throws CliError that lists every problem with its line and column. */
export function readPolicyFile({ environment, flags }: CommandContext): PolicyFile {
  const path = policyPath(environment, flags);
  const parsed = parsePolicy(readText(path));
  if (parsed.ok) return { path, ...parsed };
  const { problems } = parsed;
  const lines = problems.map((problem) => problemLine(path, problem));
  throw new CliError(
    'policy_invalid',
    `The policy has ${countOf(problems.length, 'problem')} to correct:\n${lines.join('\n')}`,
    problems,
  );
}

/** `retention.yaml:12:5 rules[0].when.state: …`, which editors and terminals turn into a link. */
const problemLine = (path: string, problem: PolicyProblem): string =>
  `${path}:${problem.line}:${problem.column} ${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`;

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw usageError(
        `There is no policy at ${path}; write one with "retention init", or name another with --policy.`,
      );
    }
    throw usageError(`The policy ${path} cannot be read; check that it is a file and that you may read it.`);
  }
}
