import { describe, expect, it } from 'vitest';
import { hoursAgo, type ListedDeletions, listedDeletions } from '#support/listed-deletions.ts';
import { reconcileIn } from '#support/reconcile-world.ts';
import { type SweepWorld, sweepWorld } from '#support/sweep-world.ts';

/** The pages that one reconciliation asks for, and how many entries are known after it. */
async function walk(world: SweepWorld, list: ListedDeletions) {
  const { reconciliation } = await reconcileIn(world, {}, world.deps({ intercom: list.intercom }));
  const { before_audit, deleted_elsewhere } = reconciliation.counts;
  return { pages: list.take(), known: before_audit + deleted_elsewhere };
}

async function worldWithKnownList() {
  const world = await sweepWorld();
  const list = listedDeletions(world);
  const oldest = list.add(240, hoursAgo(world, 24 * 30));
  list.add(60, hoursAgo(world, 5));
  expect(await walk(world, list)).toEqual({ pages: [1, 2, 3, 4, 5], known: 300 });
  return {
    world,
    list,
    oldest,
    add: (count: number, hours: number) => list.add(count, hoursAgo(world, hours)),
    walk: () => walk(world, list),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

describe('walkDeletedList', () => {
  it('reads one page when nothing is new, however much there is', async () => {
    await using scene = await worldWithKnownList();
    expect(await scene.walk()).toEqual({ pages: [1], known: 300 });
  });

  it('reads as many pages as new entries fill', async () => {
    await using scene = await worldWithKnownList();
    scene.add(61, 0);
    expect(await scene.walk()).toEqual({ pages: [1, 2], known: 361 });
  });

  it('goes down to an entry that appears late, wherever in the list, and not further', async () => {
    await using scene = await worldWithKnownList();
    scene.add(1, 6);
    expect(await scene.walk()).toEqual({ pages: [1, 2], known: 301 });
    scene.add(1, 24 * 29);
    expect(await scene.walk()).toEqual({ pages: [1, 2], known: 302 });
    scene.add(1, 24 * 31);
    expect(await scene.walk()).toEqual({ pages: [1, 2, 3, 4, 5, 6], known: 303 });
    expect(await scene.walk()).toEqual({ pages: [1], known: 303 });
  });

  it('reads to the end once when the count is off for good, and then reckons with it', async () => {
    await using scene = await worldWithKnownList();
    scene.list.count = 2;
    expect(await scene.walk()).toEqual({ pages: [1, 2, 3, 4, 5], known: 300 });
    expect(await scene.walk()).toEqual({ pages: [1], known: 300 });
    scene.add(1, 0);
    expect(await scene.walk()).toEqual({ pages: [1], known: 301 });
  });

  it('reads two days back when entries have vanished, to the end once a week, and then reckons with that', async () => {
    await using scene = await worldWithKnownList();
    scene.list.remove(scene.oldest.slice(0, 10));
    expect(await scene.walk()).toEqual({ pages: [1, 2], known: 300 });
    scene.add(1, 24 * 29);
    scene.add(1, 24 * 31);
    expect(await scene.walk()).toEqual({ pages: [1, 2], known: 301 });
    scene.world.simulator.advance(8 * 86_400_000);
    expect(await scene.walk()).toEqual({ pages: [1, 2, 3, 4, 5], known: 302 });
    expect(await scene.walk()).toEqual({ pages: [1], known: 302 });
  });

  it('goes by times when Intercom does not count: two days back each time, to the end once a week', async () => {
    await using scene = await worldWithKnownList();
    scene.list.count = 'missing';
    scene.add(1, 40);
    expect(await scene.walk()).toEqual({ pages: [1, 2, 3], known: 301 });
    scene.add(1, 24 * 31);
    expect(await scene.walk()).toEqual({ pages: [1, 2, 3], known: 301 });
    scene.world.simulator.advance(8 * 86_400_000);
    expect(await scene.walk()).toEqual({ pages: [1, 2, 3, 4, 5, 6], known: 302 });
    expect(await scene.walk()).toEqual({ pages: [1], known: 302 });
  });

  it('ends on an empty list, and on one whose last page is full', async () => {
    await using world = await sweepWorld();
    const list = listedDeletions(world);
    expect(await walk(world, list)).toEqual({ pages: [1], known: 0 });
    list.add(60, hoursAgo(world, 1));
    expect(await walk(world, list)).toEqual({ pages: [1], known: 60 });
  });
});
