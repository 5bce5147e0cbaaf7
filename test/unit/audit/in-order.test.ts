import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder } from '#audit/in-order.ts';
import { collect } from '#support/collect.ts';

describe('inOrder', () => {
  it('gives the results in the order of the inputs, whichever is ready first, with no more than so many at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat()),
        fc.integer({ min: 1, max: 5 }),
        async (s, inputs, ahead) => {
          let underWay = 0;
          let most = 0;
          const results = collect(
            inOrder(inputs, ahead, async (input) => {
              underWay += 1;
              most = Math.max(most, underWay);
              await s.schedule(Promise.resolve());
              underWay -= 1;
              return input * 2;
            }),
          );
          await s.waitFor(results);
          expect(await results).toEqual(inputs.map((input) => input * 2));
          expect(most).toBeLessThanOrEqual(ahead);
        },
      ),
    );
  });

  it('fails when the turn of the one that failed comes, and not before', async () => {
    const work = (input: number): Promise<number> =>
      input === 2 ? Promise.reject(new Error('two')) : Promise.resolve(input);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const result of inOrder([0, 1, 2, 3], 4, work)) seen.push(result);
    })();
    await expect(reading).rejects.toThrow('two');
    expect(seen).toEqual([0, 1]);
  });

  it('asks for no more than so many when the reader stops', async () => {
    const asked: number[] = [];
    for await (const result of inOrder([0, 1, 2, 3, 4, 5], 3, async (input) => asked.push(input))) {
      if (result === 1) break;
    }
    expect(asked).toEqual([0, 1, 2]);
  });
});
