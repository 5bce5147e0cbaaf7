import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandId } from '#policy/ids.ts';
import type { JsonObject } from '#support/arbitrary-policy.ts';
import { oracleVerdict } from '#support/oracle.ts';
import { directoryOf, type Truth, wordsOf } from '#support/plan-equality.ts';
import { arbitraryPolicyPair, type PolicyPair } from '#support/policy-pairs.ts';
import { type SweepWorld, sweepWorld } from '#support/sweep-world.ts';
import { compareOnWorkspace, type WorkspaceComparison } from '#sweep/compare-on-workspace.ts';
import type { Judged } from '#sweep/judged.ts';

const seed = 20_260_618;
const conversations = 1500;
const everySample = 1_000_000;

function compare(world: SweepWorld, { before, after }: PolicyPair, sampleSize = everySample) {
  const { intercom, state, clock } = world.deps();
  return compareOnWorkspace(
    { intercom, state, clock, observe: () => {} },
    {
      before: world.request(before).policy,
      after: world.request(after).policy,
      on: 'schedule',
      sampleSize,
      stop: new AbortController().signal,
    },
  );
}

/** Each conversation that either policy deletes, as `old rule and flag → new rule and flag`. */
type Found = ReadonlyMap<string, string>;

function expected(
  world: SweepWorld,
  { before, after }: PolicyPair,
  truth: Truth,
  held: readonly string[],
): Found {
  const deleted = (policy: JsonObject, json: JsonObject): string => {
    const judged = oracleVerdict(policy, json, world.clock.now(), directoryOf(world), 'schedule');
    if ('keep' in judged) return 'keep';
    const rules = policy['rules'] as readonly JsonObject[];
    return `${judged.delete} ${String(rules.find(({ id }) => id === judged.delete)?.['retain_metrics'])}`;
  };
  return new Map(
    truth
      .filter(({ id }) => !held.includes(id))
      .map(({ id, json }) => [id, [deleted(before, json), deleted(after, json)]] as const)
      .filter(([, [was, is]]) => was !== is)
      .map(([id, verdicts]) => [id, verdicts.join(' → ')]),
  );
}

const word = (judged: Judged): string =>
  judged.kind === 'delete' ? `${judged.ruleId} ${judged.retainMetrics}` : judged.kind;

const found = ({ samples }: WorkspaceComparison): Found =>
  new Map(
    [...samples.newly_caught, ...samples.newly_spared, ...samples.changed].map(
      ({ conversationId, before, after }) => [conversationId, `${word(before)} → ${word(after)}`],
    ),
  );

const sorted = (found: Found) => [...found].toSorted(([a], [b]) => a.localeCompare(b));
const scanned = ({ before, after }: PolicyPair, scan: string): PolicyPair => ({
  before: { ...before, scan },
  after: { ...after, scan },
});
const swapped = ({ before, after }: PolicyPair): PolicyPair => ({ before: after, after: before });

describe('compareOnWorkspace', { timeout: 240_000 }, () => {
  it(`finds by list and by search exactly what brute force finds, and the reverse when swapped (seed ${seed})`, async () => {
    await using world = await sweepWorld({ generate: conversations, seed });
    const truth: Truth = [...world.simulator.conversations()].map(({ id, json }) => ({ id, json }));
    const pairs = fc.sample(arbitraryPolicyPair(wordsOf(world, truth)), { seed, numRuns: 16 });
    const seen = { caught: 0, spared: 0, changed: 0, unchanged: 0 };

    for (const pair of pairs) {
      const should = expected(world, pair, truth, []);
      for (const scan of ['list', 'search']) {
        const comparison = await compare(world, scanned(pair, scan));
        if (comparison.scanned > 0) expect(comparison.scan).toBe(scan);
        expect({ pair, found: sorted(found(comparison)) }).toEqual({ pair, found: sorted(should) });
        const { classes, samples } = comparison;
        expect(classes.newly_caught).toBe(samples.newly_caught.length);
        expect(classes.newly_spared).toBe(samples.newly_spared.length);
        expect(classes.changed).toBe(samples.changed.length);
        const reverse = await compare(world, swapped(scanned(pair, scan)));
        expect(reverse.classes).toEqual({
          ...classes,
          newly_caught: classes.newly_spared,
          newly_spared: classes.newly_caught,
        });
        seen.caught += classes.newly_caught;
        seen.spared += classes.newly_spared;
        seen.changed += classes.changed;
        seen.unchanged += classes.unchanged;
      }
    }
    expect(world.simulator.stats().writeCalls).toBe(0);
    // Pairs in which nothing differs would prove nothing.
    expect(Object.values(seen).filter((count) => count < 50)).toEqual([]);
  });

  const everything = { id: 'all', when: { state: { not: 'open' } }, retain_metrics: true };
  const nothing = { protect: { minimum_age: '0d', open: false, tickets: false } };

  it('finds nothing between a policy and itself', async () => {
    await using world = await sweepWorld({ generate: 300, seed });
    const policy = { ...nothing, rules: [everything] };
    const { classes, transitions, samples } = await compare(world, { before: policy, after: policy });
    expect(classes).toMatchObject({ newly_caught: 0, newly_spared: 0, changed: 0 });
    expect(classes.unchanged).toBeGreaterThan(100);
    expect(transitions).toHaveLength(1);
    expect(samples).toEqual({ newly_caught: [], newly_spared: [], changed: [] });
  });

  it('leaves what is under a legal hold with both', async () => {
    await using world = await sweepWorld({ generate: 300, seed });
    const pair = {
      before: { ...nothing, rules: [] },
      after: { ...nothing, rules: [everything] },
    };
    const free = await compare(world, pair);
    const [first] = free.samples.newly_caught;
    await world.state.addHold(world.workspaceId, {
      target: 'conversation',
      targetId: first!.conversationId,
      matter: 'Case 12',
      owner: 'legal',
      reason: 'Litigation',
      placedAt: world.clock.now(),
    });
    const held = await compare(world, pair);
    expect(held.holds).toBe(1);
    expect(held.classes.newly_caught).toBe(free.classes.newly_caught - 1);
    expect(found(held).has(first!.conversationId)).toBe(false);
  });

  it('keeps as many samples as were asked for, the same ones by list and by search', async () => {
    await using world = await sweepWorld({ generate: 600, seed });
    const when = { state: 'closed', created: { before: '2026-06-01' } };
    const pair = { before: { rules: [] }, after: { ...nothing, rules: [{ ...everything, when }] } };
    const samples = await Promise.all(
      ['list', 'search'].map(
        async (scan) => (await compare(world, scanned(pair, scan), 5)).samples.newly_caught,
      ),
    );
    expect(samples[0]).toHaveLength(5);
    expect(samples[1]).toEqual(samples[0]);
  });

  it('tells which policy has a name that the workspace does not know', async () => {
    await using world = await sweepWorld({ generate: 1 });
    const rule = { ...everything, when: { tags: { any: ['no-such-tag'] } } };
    await expect(compare(world, { before: { rules: [] }, after: { rules: [rule] } })).rejects.toThrow(
      /^The new policy: Rule "all": the workspace has no tag "no-such-tag"/,
    );
  });

  it('says nothing of a workspace that was not read to its end', async () => {
    await using world = await sweepWorld({ generate: 10 });
    const { intercom, state, clock } = world.deps();
    const policy = world.request({ rules: [everything] }).policy;
    const request = { before: policy, after: policy, on: 'schedule', sampleSize: 1 } as const;
    await expect(
      compareOnWorkspace(
        { intercom, state, clock, observe: () => {} },
        { ...request, stop: AbortSignal.abort() },
      ),
    ).rejects.toThrow('Stopped before every conversation was read');
  });

  it('refuses the token of another workspace', async () => {
    await using world = await sweepWorld({ generate: 1 });
    const { intercom, state, clock } = world.deps();
    const policy = { ...world.request({ rules: [] }).policy, workspaceId: brandId<never>('another') };
    const request = { before: policy, after: policy, on: 'schedule', sampleSize: 1 } as const;
    const stop = new AbortController().signal;
    await expect(
      compareOnWorkspace({ intercom, state, clock, observe: () => {} }, { ...request, stop }),
    ).rejects.toThrow('written for another');
  });
});
