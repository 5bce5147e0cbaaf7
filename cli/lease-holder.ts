import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { LeaseHolder } from '#sweep/ports.ts';

/** One process on one machine. The start tells it from a later process that was given the same number. */
interface ProcessOnHost {
  readonly host: string;
  readonly pid: number;
  /** Clock ticks since the machine started; `unknown` where the system does not tell. */
  readonly startedAt: string;
}

const unknownStart = 'unknown';
const shape = /^process (?<pid>\d+) on (?<host>\S+), started (?<startedAt>\S+)$/;

/** How this process calls itself when it takes a workspace's lease. */
export const thisHolder = (): LeaseHolder =>
  toHolder({ host: hostname(), pid: process.pid, startedAt: startOf(process.pid) ?? unknownStart });

/** Whether the holder was a process of this machine that is not alive any more. Of other machines nothing is known. */
export function isHolderGone(holder: LeaseHolder): boolean {
  const known = parseHolder(holder);
  if (known === undefined || known.host !== hostname()) return false;
  if (!isAlive(known.pid)) return true;
  const startedAt = startOf(known.pid);
  return startedAt !== undefined && known.startedAt !== unknownStart && startedAt !== known.startedAt;
}

const toHolder = ({ host, pid, startedAt }: ProcessOnHost): LeaseHolder =>
  `process ${pid} on ${host}, started ${startedAt}`;

function parseHolder(holder: LeaseHolder): ProcessOnHost | undefined {
  const { pid, host, startedAt } = shape.exec(holder)?.groups ?? {};
  if (pid === undefined || host === undefined || startedAt === undefined) return undefined;
  return { host, pid: Number(pid), startedAt };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and belongs to somebody else.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Field 22 of `/proc/PID/stat` (proc(5)), on Linux; what stands in brackets before it may hold spaces. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(22 - 3);
  } catch {
    return undefined;
  }
}
