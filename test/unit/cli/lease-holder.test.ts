import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isHolderGone, thisHolder } from '#cli/lease-holder.ts';

async function pidThatHasEnded(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'close');
  return child.pid!;
}

describe('thisHolder', () => {
  it('names the process and its machine to a person', () => {
    expect(thisHolder()).toContain(`process ${process.pid} on ${hostname()}`);
  });
});

describe('isHolderGone', () => {
  it('says that a process which is alive is not gone', () => {
    expect(isHolderGone(thisHolder())).toBe(false);
  });

  it('says that a process of this machine which has ended is gone', async () => {
    const pid = await pidThatHasEnded();
    expect(isHolderGone(`process ${pid} on ${hostname()}, started 12345`)).toBe(true);
  });

  it.runIf(process.platform === 'linux')('is not fooled by a later process with the same number', () => {
    expect(isHolderGone(`process ${process.pid} on ${hostname()}, started 1`)).toBe(true);
  });

  it('keeps a process whose start is unknown for the one that is alive', () => {
    expect(isHolderGone(`process ${process.pid} on ${hostname()}, started unknown`)).toBe(false);
  });

  it('knows nothing of other machines, nor of holders that are no processes', async () => {
    const pid = await pidThatHasEnded();
    expect(isHolderGone(`process ${pid} on another-machine, started 12345`)).toBe(false);
    expect(isHolderGone('lambda sweep, request 7f3a')).toBe(false);
    expect(isHolderGone('')).toBe(false);
  });
});
