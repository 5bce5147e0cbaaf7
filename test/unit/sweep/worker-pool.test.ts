import { describe, expect, it } from 'vitest';
import { workThrough } from '#sweep/worker-pool.ts';

/** A number of pieces of work, each of which ends when the test says so. */
function manualWork() {
  const started: number[] = [];
  const endings = new Map<number, { resolve: () => void; reject: (reason: Error) => void }>();
  const work = (item: number): Promise<void> => {
    started.push(item);
    return new Promise((resolve, reject) => endings.set(item, { resolve, reject }));
  };
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { started, work, end: (item: number) => endings.get(item)!, turn };
}

describe('workThrough', () => {
  it('works on at most the given number of items at a time, and on every item once', async () => {
    let atWork = 0;
    let most = 0;
    const done: number[] = [];
    await workThrough([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      atWork += 1;
      most = Math.max(most, atWork);
      await new Promise((resolve) => setImmediate(resolve));
      atWork -= 1;
      done.push(item);
    });
    expect(most).toBe(3);
    expect(done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('pulls nothing new after a failure, and throws it only when the items in flight are finished', async () => {
    const { started, work, end, turn } = manualWork();
    let over = false;
    const whole = workThrough([1, 2, 3, 4], 2, work).finally(() => {
      over = true;
    });
    const thrown = whole.catch((error: unknown) => error);
    await turn();
    end(1).reject(new Error('first'));
    await turn();
    expect({ started, over }).toEqual({ started: [1, 2], over: false });
    end(2).resolve();
    expect(await thrown).toEqual(new Error('first'));
    expect(started).toEqual([1, 2]);
  });

  it('throws what the source throws, and closes the source when the work fails', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<number> {
      try {
        yield 1;
        yield 2;
      } finally {
        closed = true;
      }
    }
    await expect(workThrough(source(), 1, () => Promise.reject(new Error('work')))).rejects.toThrow('work');
    expect(closed).toBe(true);

    async function* broken(): AsyncGenerator<number> {
      yield await Promise.reject(new Error('source'));
    }
    await expect(workThrough(broken(), 2, () => Promise.resolve())).rejects.toThrow('source');
  });
});
