import { userInfo } from 'node:os';
import type { Command } from 'commander';

/** Who does it, for the audit. */
export const withActor = (command: Command): Command =>
  command.option('--by <who>', 'the login or role that does this, for the audit', loginName());

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`; // a container's user that has no entry in /etc/passwd
  }
}
