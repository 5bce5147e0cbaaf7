import type { Explanation } from '#policy/explain.ts';
import { ConfigurationError } from '#sweep/errors.ts';

/** One thing to correct, and where it stands. */
export interface Problem {
  /** Where: a variable, a flag, or a path in the policy. */
  readonly path: string;
  readonly message: string;
  /** Line and column in a file, from 1. */
  readonly line?: number;
  readonly column?: number;
  /** How the policy comes to a verdict that one of its tests does not expect. */
  readonly explanation?: Explanation | undefined;
}

/** Everything that the person at the command line must correct first, at once. */
export class CliError extends ConfigurationError {
  override readonly name = 'CliError';
  /** A short, stable word for scripts: `usage`, `settings_invalid`, `policy_invalid` … */
  readonly code: string;
  readonly problems: readonly Problem[];

  constructor(code: string, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}

export const usageError = (message: string): CliError => new CliError('usage', message);
