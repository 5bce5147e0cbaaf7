import { describe, expect, it } from 'vitest';
import { keepFirstSuccess } from '#runtime/keep-first-success.ts';

describe('keepFirstSuccess', () => {
  it('makes again after a failure, and never again after a success', async () => {
    let made = 0;
    const get = keepFirstSuccess(() => {
      made += 1;
      if (made < 3) throw new Error(`failure ${made}`);
      return made;
    });
    await expect(get()).rejects.toThrow('failure 1');
    await expect(get()).rejects.toThrow('failure 2');
    expect([await get(), await get()]).toEqual([3, 3]);
    expect(made).toBe(3);
  });

  it('makes once for callers at the same time', async () => {
    let made = 0;
    const get = keepFirstSuccess(async () => {
      await Promise.resolve();
      made += 1;
      return made;
    });
    expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  });
});
