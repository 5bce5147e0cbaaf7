import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contactEmail, contactId, externalId } from '#simulator/personal-data.ts';
import { type CliScene, openScene, twoYearsPolicy } from '#support/cli-scene.ts';
import type { ConversationInDays } from '#support/simulated-workspace.ts';

const policy = `${twoYearsPolicy}protect: { tags: [vip], teams: [Legal] }\n`;

/** Of contact 7, under the ids 1 to 7, of which 1 to 3 may go; and one of contact 8. */
const conversations: readonly ConversationInDays[] = [
  { contacts: [7], updatedDaysAgo: 1000 },
  { contacts: [7], updatedDaysAgo: 1, state: 'open' },
  { contacts: [8, 7], updatedDaysAgo: 3, state: 'snoozed', snoozedForDays: 3 },
  { contacts: [7], updatedDaysAgo: 50, isTicket: true },
  { contacts: [7], updatedDaysAgo: 50, tags: ['vip'] },
  { contacts: [7], updatedDaysAgo: 50, team: 'Legal' },
  { contacts: [7], updatedDaysAgo: 50 },
  { contacts: [8], updatedDaysAgo: 1000 },
];
const hold = ['--conversation', '7', '--matter', 'Case 12', '--owner', 'legal', '--reason', 'Litigation'];
const because = ['--retain-metrics', 'false', '--reason', 'Request 2026-114', '--by', 'privacy-officer'];
const kept = [
  { conversation_id: '4', reason: 'protected', detail: 'tickets' },
  { conversation_id: '5', reason: 'protected', detail: 'tags' },
  { conversation_id: '6', reason: 'protected', detail: 'teams' },
  { conversation_id: '7', reason: 'held', detail: 'Case 12' },
];

const openErasure = (changes: { readonly policy?: string } = {}): Promise<CliScene> =>
  openScene({ policy, conversations, ...changes });

const deletedIds = ({ simulator }: CliScene): readonly string[] =>
  simulator
    .deletions()
    .map(({ id }) => id)
    .sort();

const byId = (document: unknown): unknown => {
  const { kept: found } = document as { kept: { conversation_id: string }[] };
  return found.toSorted((one, other) => Number(one.conversation_id) - Number(other.conversation_id));
};

/** Everything that the command left in its folder but the settings that it was given. */
async function allThatIsStored(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) =>
    file.isFile(),
  );
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
  return texts.join('\n');
}

describe('retention erase', { timeout: 120_000 }, () => {
  it.each([
    ['its id', ['--contact', contactId(7)]],
    ['its e-mail address', ['--email', contactEmail(7)]],
    ['its external id', ['--external-id', externalId(7)]],
  ])('deletes what is not protected of a contact named by %s, and names what stays', async (_by, named) => {
    await using scene = await openErasure();
    expect(await scene.json('hold', 'add', ...hold)).toMatchObject({ code: 0 });

    const { code, document } = await scene.json('erase', ...named, ...because, '--yes');
    expect([code, document]).toMatchObject([
      0,
      {
        contact_id: contactId(7),
        trigger: 'erasure',
        candidates: 3,
        by_rule: { erasure: 3 },
        counts: { deleted: 3, not_found: 0, unresolved: 0, failed: 0, kept: 0 },
        stop_reason: 'done',
        gate: { allowed: true },
      },
    ]);
    expect(byId(document)).toEqual(kept);
    expect(deletedIds(scene)).toEqual(['1', '2', '3']);
    expect(scene.simulator.deletions().every(({ metricsRetained }) => !metricsRetained)).toBe(true);
  });

  it('stores the plan and deletes nothing where nobody can be asked, until it is approved and applied', async () => {
    await using scene = await openErasure();
    const { json } = scene;
    const refused = await json('erase', '--contact', contactId(7), ...because);
    expect(refused).toMatchObject({
      code: 3,
      document: {
        plan_id: expect.any(String),
        run_id: null,
        contact_id: contactId(7),
        candidates: 4,
        gate: { allowed: false, refusals: [{ code: 'not_approved', limit: 'each_run' }] },
        counts: { deleted: 0, not_found: 0, unresolved: 0, failed: 0, kept: 0 },
        stop_reason: 'refused',
      },
    });
    const { plan_id: planId } = refused.document as { plan_id: string };
    expect((await scene.retention('apply', planId)).code).toBe(3);
    expect(deletedIds(scene)).toEqual([]);

    const approved = await scene.retention('approve', planId, '--yes', '--by', 'privacy-officer');
    expect([approved.code, approved.stderr]).toEqual([
      0,
      expect.stringContaining('protected by the policy: tickets'),
    ]);
    const shown = await scene.retention('plan', 'show', planId, '--format', 'ndjson');
    expect(JSON.parse(shown.stdout.split('\n')[0]!)).toMatchObject({
      rule_id: 'erasure',
      reason: 'Erasure of one contact.',
    });
    const applied = await json('apply', planId);
    expect(applied).toMatchObject({
      code: 0,
      document: { counts: { deleted: 4 }, contact_id: contactId(7) },
    });
    expect(byId(applied.document)).toEqual(kept.slice(0, 3));
    expect(deletedIds(scene)).toEqual(['1', '2', '3', '7']);
  });

  it('does not ask for the approval of what the gate refuses for other reasons', async () => {
    await using scene = await openErasure({ policy: policy.replace('mode: delete', 'mode: observe') });
    const refused = await scene.json('erase', '--contact', contactId(7), ...because, '--yes');
    expect(refused).toMatchObject({
      code: 3,
      document: { gate: { refusals: [{ code: 'observe_mode' }, { code: 'not_approved' }] } },
    });
    expect(scene.simulator.stats().writeCalls).toBe(0);
  });

  it('writes the address nowhere: not into its store, nor what it prints', async () => {
    await using scene = await openErasure();
    const printed: string[] = [];
    for (const args of [
      ['erase', '--email', contactEmail(7), ...because, '--yes'],
      ['erase', '--email', contactEmail(99), ...because],
      ['erase', '--email', contactEmail(7), '--reason', `For ${contactEmail(7)}`, '--retain-metrics', 'true'],
      ['erase', '--email', contactEmail(7), '--retain-metrics', 'perhaps', '--reason', 'x'],
      ['erase', '--contact', contactEmail(7), ...because, '--json'],
      ['audit', 'query'],
      ['plan', 'list', '--json'],
    ]) {
      const { stdout, stderr } = await scene.retention(...args);
      printed.push(stdout, stderr);
    }
    expect(deletedIds(scene)).toEqual(['1', '2', '3', '7']);
    const all = [...printed, await allThatIsStored(scene.desk.folder)].join('\n');
    expect(all).toContain(contactId(7));
    expect(all.toLowerCase()).not.toContain(contactEmail(7).toLowerCase());
    expect(all.toLowerCase()).not.toContain('@example.com');
  });

  it.each([
    ['nobody', [...because], 'Say whose conversations'],
    ['two at once', ['--contact', 'a', '--email', 'b@example.com', ...because], 'cannot be used with'],
    ['no flag for the metrics', ['--contact', 'a', '--reason', 'x'], '--retain-metrics'],
    ['no reason', ['--contact', 'a', '--retain-metrics', 'true'], '--reason'],
    ['no address', ['--email', 'ada', ...because], 'no e-mail address'],
  ])('says what is missing when it is given %s', async (_what, args, words) => {
    await using scene = await openErasure();
    const { code, stderr } = await scene.retention('erase', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});
