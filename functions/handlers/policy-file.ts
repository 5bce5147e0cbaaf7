import { readFileSync } from 'node:fs';
import type { PolicyHash } from '#policy/ids.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import type { NamedPolicy } from '#policy/policy.ts';
import { ConfigurationError } from '#sweep/errors.ts';

/** The policy that is shipped with the functions. */
export interface PolicyFile {
  readonly policy: NamedPolicy;
  readonly hash: PolicyHash;
  /** See `parsePolicy`. */
  readonly canonicalJson: string;
}

/** @throws ConfigurationError that lists every problem. */
export function readPolicyFile(path: string): PolicyFile {
  const parsed = parsePolicy(readText(path));
  if (parsed.ok) return parsed;
  const problems = parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
  throw new ConfigurationError(`The policy that was deployed cannot be used: ${problems.join(' ')}`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(
      'The policy that POLICY_FILE names cannot be read; deploy it with the functions.',
      { cause },
    );
  }
}
