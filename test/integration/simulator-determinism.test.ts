import { describe, expect, it } from 'vitest';
import type { SimulatorOptions } from '#simulator/simulator.ts';
import { workspace } from '#support/simulated-workspace.ts';

const troubles: SimulatorOptions = {
  faults: [
    { kind: 'server_error', probability: 0.1 },
    { kind: 'reset_after', on: ['delete'], probability: 0.2 },
    { kind: 'torn_body', on: ['list'], probability: 0.2 },
  ],
  presentation: { brokenItems: 0.1 },
  indexLag: { probability: 0.3 },
  churn: { everyCalls: 3 },
};

/** Every answer to a fixed row of calls, word for word. */
async function transcript(seed: number): Promise<string[]> {
  await using simulator = await workspace({ generate: 200, seed, ...troubles });
  const ids = [...simulator.conversations()].map(({ id }) => id);
  const asks = ids.flatMap((id, index) => [
    ['GET', `/conversations?per_page=${(index % 20) + 1}`],
    ['GET', `/conversations/${id}`],
    ['DELETE', `/conversations/${id}`],
    ['GET', '/conversations/deleted'],
  ]);
  const heard: string[] = [];
  for (const [method, path] of asks.slice(0, 240)) {
    const headers = { accept: 'application/json', authorization: 'Bearer test', 'intercom-version': '2.16' };
    heard.push(
      await fetch(`${simulator.url}${path}`, { method: method!, headers }).then(
        async (response) => `${response.status} ${await response.text()}`,
        () => 'connection lost',
      ),
    );
  }
  return heard;
}

describe('the seed', () => {
  it('decides data, answers, faults and churn: the same seed gives the same, word for word', async () => {
    const [first, second] = [await transcript(7), await transcript(7)];
    expect(second).toEqual(first);
    expect(first.filter((line) => line.startsWith('500')).length).toBeGreaterThan(5);
    expect(first).toContain('connection lost');
  });

  it('gives something else when it is another', async () => {
    const [first, second] = [await transcript(7), await transcript(8)];
    expect(second).not.toEqual(first);
  });
});
