import { readFileSync } from 'node:fs';
import { type ParsedPolicy, type PolicyParse, parsePolicy } from '#policy/parse-policy.ts';
import type { PolicyProblem } from '#policy/policy-problem.ts';
import { CliError, usageError } from './cli-error.ts';
import type { CommandContext } from './command-context.ts';
import { countOf } from './number-text.ts';
import { policyPath } from './settings.ts';

/** A policy that could be read, and the file it stands in. */
export interface PolicyFile extends ParsedPolicy {
  readonly path: string;
}

type RefusedPolicy = Extract<PolicyParse, { readonly ok: false }>;

/** @throws CliError that lists every problem with its line and column. */
export function readPolicyFile({ environment, flags }: CommandContext): PolicyFile {
  return policyFileAt(policyPath(environment, flags));
}

/**
 * The same, also of a policy that fails its own tests: for what shows, asks or stops, and deletes nothing by it.
 * @throws CliError
 */
export function readPolicyWithoutTests({ environment, flags }: CommandContext): PolicyFile {
  const path = policyPath(environment, flags);
  const parsed = parsePolicy(readPolicyText(path));
  if (parsed.ok) return { path, ...parsed };
  if (parsed.untrusted !== undefined) return { path, ...parsed.untrusted };
  throw refusedPolicy(path, parsed);
}

/** @throws CliError that lists every problem with its line and column. */
export function policyFileAt(path: string): PolicyFile {
  const parsed = parsePolicy(readPolicyText(path));
  if (parsed.ok) return { path, ...parsed };
  throw refusedPolicy(path, parsed);
}

/** Why a policy cannot be used: what is wrong with it, or its own tests that fail. */
export function refusedPolicy(path: string, { problems, failedTests }: RefusedPolicy): CliError {
  const lines = problems.map((problem) => problemLine(path, problem));
  if (failedTests.length === 0) {
    const heading = `The policy has ${countOf(problems.length, 'problem')} to correct:`;
    return new CliError('policy_invalid', [heading, ...lines].join('\n'), problems);
  }
  const heading = `The policy fails ${countOf(failedTests.length, 'test')} of its own; correct it, or the test:`;
  return new CliError('policy_tests_failed', [heading, ...lines].join('\n'), problems);
}

/** `retention.yaml:12:5 rules[0].when.state: …`, which editors and terminals turn into a link. */
const problemLine = (path: string, problem: PolicyProblem): string =>
  `${path}:${problem.line}:${problem.column} ${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`;

/** @param path `-` for standard input. @throws CliError */
export function readPolicyText(path: string): string {
  try {
    return readFileSync(path === '-' ? process.stdin.fd : path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw usageError(
        `There is no policy at ${path}; write one with "retention init", or name another with --policy.`,
      );
    }
    throw usageError(`The policy ${path} cannot be read; check that it is a file and that you may read it.`);
  }
}
