import { createHmac } from 'node:crypto';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { openScene } from '#support/cli-scene.ts';

const clientSecret = 'made-up-client-secret';
const eventPolicy = `version: 1
workspace: simulated
mode: delete
approval: standing
limits: { share_of_workspace: 100% }
rules:
  - id: closed-at-once
    on: conversation.admin.closed
    when: { state: closed }
    despite: [minimum_age]
    retain_metrics: true
`;

const notification = (id: string): string =>
  JSON.stringify({
    type: 'notification_event',
    app_id: 'simulated',
    id: `notif_${id}`,
    topic: 'conversation.admin.closed',
    created_at: Math.floor(Date.now() / 1000),
    data: { type: 'notification_event_data', item: { type: 'conversation', id } },
  });

const sign = (body: string): string => `sha1=${createHmac('sha1', clientSecret).update(body).digest('hex')}`;

describe('retention listen', () => {
  it('deletes on a signed webhook, refuses a forged one, and ends on Ctrl-C when all it took in is dealt with', async () => {
    await using scene = await openScene({
      policy: eventPolicy,
      conversations: [{ updatedDaysAgo: 1 }, { updatedDaysAgo: 1 }, { updatedDaysAgo: 1, state: 'open' }],
      env: { INTERCOM_CLIENT_SECRET: clientSecret },
    });
    await scene.retention('plan');
    expect((await scene.retention('approve', 'latest', '--yes')).code).toBe(0);

    const { child, ended } = scene.desk.start('listen', '--json');
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const { url } = JSON.parse((await lines.next()).value as string) as { readonly url: string };
    const send = async (body: string, signature: string): Promise<number> =>
      (await fetch(url, { method: 'POST', headers: { 'x-hub-signature': signature }, body })).status;
    const statuses = [
      await send(notification('1'), sign(notification('1'))),
      await send(notification('2'), sign(notification('1'))),
      await send(notification('3'), sign(notification('3'))),
      (await fetch(url, { method: 'HEAD' })).status,
    ];
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
    expect(statuses).toEqual([200, 401, 200, 200]);
    expect(scene.simulator.deletions().map(({ id }) => id)).toEqual(['1']);
  });

  it('says in one sentence that the client secret is missing', async () => {
    await using scene = await openScene({ policy: eventPolicy });
    const { code, stderr } = await scene.retention('listen');
    expect(code).toBe(2);
    expect(stderr).toContain(
      'INTERCOM_CLIENT_SECRET is not set; put the client secret into the environment or into .env.',
    );
  });
});
