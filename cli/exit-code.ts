/** What a command's exit code says to the script that called it. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** Bad usage, settings or policy: somebody must change something first. */
  badUsage: 2,
  /** The gate refused; nothing was deleted. */
  refused: 3,
  /** Finished, with deletions that failed or are unresolved, or that do not fit Intercom's list. */
  incomplete: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
