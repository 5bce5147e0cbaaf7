import { chmod, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { conversationPartition, outcomeKey } from '#audit/keys.ts';
import { toOutcomeItem } from '#audit/outcome-item.ts';
import { sealKey } from '#audit/seal-keys.ts';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromMs, toIso } from '#policy/instant.ts';
import { parsePublicKeys } from '#seal/signing-key.ts';
import { dayOf, plusDays, startOfDay } from '#seal/utc-day.ts';
import {
  aConfirmation,
  anIntent,
  anOutcome,
  aRun,
  conversationIdOf,
  later,
  runIdOf,
  stoppedClock,
} from '#support/audit-builders.ts';
import { type Desk, openDesk } from '#support/cli.ts';
import { startTestStore, type TestStore } from '#support/dynamodb.ts';

const workspaceId = brandId<WorkspaceId>('simulated');
const policy = `version: 1
workspace: simulated
rules:
  - id: closed-two-years
    description: Closed and silent for two years.
    when: { state: closed, last_activity: { older_than: 2y } }
    retain_metrics: true
`;

/** Three days, of which the last is the newest that is over, whatever the time is now. */
const firstDay = plusDays(dayOf(instantFromMs(Date.now() - 3_600_000)), -3);
const noonOf = (days: number): Instant => later(startOfDay(plusDays(firstDay, days)), 12 * 3_600_000);

/** What these tests read of the document of `audit seal`. */
interface Sealing {
  readonly sealed: readonly { readonly note: string }[];
  readonly key: { readonly fingerprint: string; readonly public_key_file: string };
}

interface SealScene extends AsyncDisposable {
  readonly store: TestStore;
  readonly desk: Desk;
  json(...args: readonly string[]): Promise<{ readonly code: number | null; readonly document: Sealing }>;
}

/** A real table, with records of two days of the past unless an empty one is given, and a desk beside it. */
async function openScene(empty?: TestStore): Promise<SealScene> {
  const store = empty ?? (await startTestStore());
  const desk = await openDesk({
    AWS_ENDPOINT_URL_DYNAMODB: store.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    RETENTION_STORE: 'dynamodb',
    AUDIT_TABLE: store.tables.audit,
    STATE_TABLE: store.tables.state,
    NO_COLOR: '1',
  });
  await desk.write('retention.yaml', policy);
  if (empty === undefined) await fill(store);
  return {
    store,
    desk,
    async json(...args) {
      const { code, stdout } = await desk.retention(...args, '--json');
      return { code, document: JSON.parse(stdout) };
    },
    async [Symbol.asyncDispose]() {
      await desk[Symbol.asyncDispose]();
      if (empty === undefined) await store[Symbol.asyncDispose]();
    },
  };
}

async function fill(store: TestStore): Promise<void> {
  for (const days of [0, 2]) {
    const at = noonOf(days);
    const audit = createAuditTrail(store.client, store.tables.audit, stoppedClock(at));
    const runId = runIdOf(days);
    await audit.putRunStarted(aRun({ workspaceId, runId, startedAt: at }));
    await audit.putIntent(anIntent({ workspaceId, runId }));
    for (const number of [1, 2, 3]) {
      const conversationId = conversationIdOf(number + days * 10);
      await audit.putOutcome(
        anOutcome({ workspaceId, runId, conversationId, recordedAt: later(at, number) }),
      );
      await audit.putConfirmation(aConfirmation({ workspaceId, conversationId }));
    }
  }
}

// Every command is a process of its own.
describe('retention audit seal and verify', { timeout: 120_000 }, () => {
  it('seal every day that is over with a key of their own, and find it as it was sealed', async () => {
    await using scene = await openScene();
    const { desk, json } = scene;
    const sealed = await json('audit', 'seal');
    expect(sealed.code).toBe(0);
    expect(sealed.document).toMatchObject({
      workspace_id: 'simulated',
      sealed: [
        { day: firstDay, records: 8, late_records: 0 },
        { day: plusDays(firstDay, 1), records: 0 },
        { day: plusDays(firstDay, 2), records: 8 },
      ],
      key: { algorithm: 'ed25519', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/), is_new: true },
    });
    expect(sealed.document.sealed[0]?.note).toContain(`intercom-retention/simulated/${firstDay}\n8\n`);

    const keyFile = join(desk.folder, '.retention/seal-key.pem');
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    const publicKeyFile = join('.retention', 'seal-key.pub.pem');
    expect(sealed.document.key.public_key_file).toBe(publicKeyFile);
    expect(await readFile(join(desk.folder, publicKeyFile), 'utf8')).toContain('BEGIN PUBLIC KEY');

    const again = await json('audit', 'seal');
    expect(again).toMatchObject({ code: 0, document: { sealed: [], key: { is_new: false } } });

    const verified = await json('audit', 'verify', '--public-key', publicKeyFile);
    expect(verified).toMatchObject({
      code: 0,
      document: {
        fits: true,
        from: firstDay,
        to: plusDays(firstDay, 2),
        records: 16,
        keys_are_trusted: true,
        keys: [{ fingerprint: sealed.document.key.fingerprint, first_day: firstDay }],
        unsealed_days: [],
        days: [{ records: 8, findings: [] }, { records: 0 }, { records: 8 }],
      },
    });
    const told = await desk.retention('audit', 'verify');
    expect(told).toMatchObject({ code: 0, stdout: '' });
    expect(told.stderr).toContain('3 days, 16 records.\nEverything is as it was sealed.\n');
    expect(told.stderr).toContain('The audit itself names this key.');
  });

  it('name what was removed, altered and added, in sentences and in the document, and leave with 4', async () => {
    await using scene = await openScene();
    const { store, desk, json } = scene;
    await json('audit', 'seal');
    const Table = { TableName: store.tables.audit };
    const key = outcomeKey(workspaceId, conversationIdOf(1), runIdOf(0));
    await store.client.send(new DeleteCommand({ ...Table, Key: { ...key } }));
    const altered = anOutcome({
      workspaceId,
      conversationId: conversationIdOf(2),
      runId: runIdOf(0),
      recordedAt: later(noonOf(0), 2),
      retainMetrics: false,
    });
    await store.client.send(new PutCommand({ ...Table, Item: { ...toOutcomeItem(altered) } }));
    const added = anOutcome({
      workspaceId,
      conversationId: conversationIdOf(77),
      runId: runIdOf(2),
      recordedAt: noonOf(2),
    });
    await store.client.send(new PutCommand({ ...Table, Item: { ...toOutcomeItem(added) } }));

    const told = await desk.retention('audit', 'verify');
    expect(told.code).toBe(4);
    expect(told.stderr).toContain(
      `removed: the outcome of conversation ${conversationIdOf(1)} in run ${runIdOf(0)}, recorded at ${toIso(later(noonOf(0), 1))}, was sealed and is not there any more.`,
    );
    expect(told.stderr).toContain(
      `altered: the outcome of conversation ${conversationIdOf(2)} in run ${runIdOf(0)},`,
    );
    expect(told.stderr).toContain(`added: the outcome of conversation ${conversationIdOf(77)} in run`);
    expect(told.stderr).toContain('Not everything is as it was sealed: 1 removed, 1 added, 1 altered.');

    const { code, document } = await json('audit', 'verify', '--to', firstDay);
    expect(code).toBe(4);
    expect(document).toMatchObject({
      fits: false,
      finding_counts: { removed: 1, altered: 1, added: 0 },
      days: [
        {
          day: firstDay,
          findings: [
            {
              kind: 'removed',
              day: firstDay,
              record: {
                kind: 'outcome',
                pk: conversationPartition(workspaceId, conversationIdOf(1)),
                sk: `OUTCOME#${runIdOf(0)}`,
                recorded_at: toIso(later(noonOf(0), 1)),
              },
            },
            { kind: 'altered' },
          ],
        },
      ],
    });
    const rest = await json(
      'audit',
      'verify',
      '--from',
      plusDays(firstDay, 1),
      '--to',
      plusDays(firstDay, 1),
    );
    expect(rest).toMatchObject({ code: 0, document: { fits: true } });
  });

  it('name an item that no day has when the whole table is read, and say that it was not looked for when not', async () => {
    await using scene = await openScene();
    const { store, desk, json } = scene;
    await json('audit', 'seal');
    const clean = await json('audit', 'verify', '--whole-table');
    expect(clean).toMatchObject({
      code: 0,
      document: {
        fits: true,
        finding_counts: { unlisted: 0 },
        // 16 records, 3 seals, 2 leaf lists, for a day without records has none, and the public key.
        whole_table: { items: 22, before_first_sealed_day: 0, after_last_sealed_day: 0, findings: [] },
      },
    });

    const conversationId = conversationIdOf(77);
    const forged = anOutcome({ workspaceId, conversationId, runId: runIdOf(0), recordedAt: noonOf(0) });
    const { by_day: _day, ...hidden } = toOutcomeItem(forged);
    const dated = (days: number) =>
      toOutcomeItem(
        anOutcome({ workspaceId, conversationId, runId: runIdOf(days), recordedAt: noonOf(days) }),
      );
    for (const item of [hidden, dated(-40), dated(3)]) {
      await store.client.send(new PutCommand({ TableName: store.tables.audit, Item: { ...item } }));
    }
    const shown = await desk.retention('audit', 'query', '--conversation', conversationId, '--format', 'csv');
    expect(shown.stdout).toContain(runIdOf(0));

    const unseen = await desk.retention('audit', 'verify');
    expect(unseen.code).toBe(0);
    expect(unseen.stderr).toContain(
      '\nNot looked for: items that stand in the list of no day, which a question for their key shows all the same. "--whole-table" reads the whole table for them.\n',
    );
    expect((await json('audit', 'verify')).document).toMatchObject({
      finding_counts: { unlisted: null },
      whole_table: null,
    });

    const told = await desk.retention('audit', 'verify', '--whole-table');
    const { pk, sk } = outcomeKey(workspaceId, conversationId, runIdOf(0));
    expect(told.code).toBe(4);
    expect(told.stderr).toContain(
      `In no day:\n  unlisted: the outcome of conversation ${conversationId} in run ${runIdOf(0)}, recorded, it says, at ${toIso(noonOf(0))}, stands in the list of no day, so that no seal and no export has it; a question for it shows it all the same (${pk} / ${sk}).\n`,
    );
    expect(told.stderr).toContain('Not everything is as it was sealed: 1 unlisted.');
    expect(told.stderr).toContain(
      `The whole table was read: 25 items of the workspace, each other one in the list of its day or among the seals.\nIn days of which no seal says what there must be: 1 item before ${firstDay}, 1 item after ${plusDays(firstDay, 2)}.\n`,
    );

    const { code, document } = await json('audit', 'verify', '--whole-table');
    expect(code).toBe(4);
    expect(document).toMatchObject({
      fits: false,
      finding_counts: { added: 0, unlisted: 1 },
      whole_table: {
        items: 25,
        before_first_sealed_day: 1,
        after_last_sealed_day: 1,
        findings: [
          {
            kind: 'unlisted',
            record: {
              kind: 'outcome',
              pk,
              sk,
              recorded_at: toIso(noonOf(0)),
              name: `the outcome of conversation ${conversationId} in run ${runIdOf(0)}`,
            },
          },
        ],
      },
    });
  });

  it('name a sealed record that lost its place once, by its seal', async () => {
    await using scene = await openScene();
    const { store, desk, json } = scene;
    await json('audit', 'seal');
    const conversationId = conversationIdOf(1);
    const recordedAt = later(noonOf(0), 1);
    const { by_day: _day, ...hidden } = toOutcomeItem(
      anOutcome({ workspaceId, conversationId, runId: runIdOf(0), recordedAt }),
    );
    await store.client.send(new PutCommand({ TableName: store.tables.audit, Item: hidden }));
    const told = await desk.retention('audit', 'verify', '--whole-table');
    expect(told.code).toBe(4);
    expect(told.stderr).toContain('Not everything is as it was sealed: 1 reordered.');
    expect(told.stderr).toMatch(
      /\nThe whole table was read: \d+ items of the workspace, each other one in the list of its day or among the seals\.\n/,
    );
  });

  it.each([
    ['--from', '2026-01-02'],
    ['--to', '2026-01-02'],
  ])(
    'refuse to read a whole table with %s, whose other days would hold what nobody looked at',
    async (...span) => {
      await using desk = await openDesk();
      const refused = await desk.retention('audit', 'verify', '--whole-table', ...span);
      expect(refused).toEqual({
        code: 2,
        stdout: '',
        stderr: `--whole-table needs every sealed day verified, which ${span[0]} does not; leave one out.\n`,
      });
    },
  );

  it.each([
    ['--export', 'q1'],
    ['--certificate', 'certificate.html'],
  ])('refuse to read a whole table with %s, which has none', async (...args) => {
    await using desk = await openDesk();
    const refused = await desk.retention('audit', 'verify', '--whole-table', ...args);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toBe(
      `--whole-table reads the audit's own table, which ${args[0]} does without; leave one out.\n`,
    );
  });

  it('miss seals that were cut off the end when told how far they must go, and warn when not', async () => {
    await using scene = await openScene();
    const { store, desk, json } = scene;
    await json('audit', 'seal');
    const last = plusDays(firstDay, 2);
    await store.client.send(
      new DeleteCommand({ TableName: store.tables.audit, Key: { ...sealKey(workspaceId, last) } }),
    );
    const told = await desk.retention('audit', 'verify');
    expect(told.code).toBe(0);
    expect(told.stderr).toContain(`Not sealed, though over: 1 day from ${last} on.`);
    const { code, document } = await json('audit', 'verify', '--to', last);
    expect(code).toBe(4);
    expect(document).toMatchObject({ finding_counts: { seal_missing: 1 } });
  });

  it('refuse a key that others can read, that is gone, or that is another one, each in a sentence', async () => {
    await using scene = await openScene();
    const { desk } = scene;
    await desk.retention('audit', 'seal', '--key', 'ours.pem');
    await chmod(join(desk.folder, 'ours.pem'), 0o640);
    const exposed = await desk.retention('audit', 'seal', '--key', 'ours.pem');
    expect(exposed.code).toBe(2);
    expect(exposed.stderr).toContain('Others than you can read or change the key file ours.pem');
    await chmod(join(desk.folder, 'ours.pem'), 0o600);

    const gone = await desk.retention('audit', 'seal', '--key', 'theirs.pem');
    expect(gone.code).toBe(2);
    expect(gone.stderr).toMatch(
      /^.*There is no key file theirs[.]pem, and the seal of .* was signed with the key/m,
    );
    await expect(stat(join(desk.folder, 'theirs.pem'))).rejects.toThrow();

    await desk.write('notes.yaml', 'no key\n');
    await chmod(join(desk.folder, 'notes.yaml'), 0o644);
    const notes = await desk.retention('audit', 'seal', '--key', 'notes.yaml');
    expect(notes.stderr).toMatch(/^notes\.yaml holds no private key/);

    await desk.write('public.pem', await readFile(join(desk.folder, 'ours.pub.pem'), 'utf8'));
    await chmod(join(desk.folder, 'public.pem'), 0o600);
    const noKey = await desk.retention('audit', 'seal', '--key', 'public.pem');
    expect(noKey.code).toBe(2);
    expect(noKey.stderr).toContain('public.pem holds no private key');

    const other = await desk.retention('audit', 'seal', '--key', 'theirs.pem', '--new-key');
    expect(other.code).toBe(0);
    await rm(join(desk.folder, 'ours.pem'));
    expect((await desk.retention('audit', 'verify', '--public-key', 'ours.pub.pem')).code).toBe(0);
    expect((await desk.retention('audit', 'verify', '--public-key', 'theirs.pub.pem')).code).toBe(4);
    const refused = await desk.retention('audit', 'seal', '--key', 'theirs.pem');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/was signed with the key [0-9a-f]{64}, and this key is [0-9a-f]{64};/);
  });

  it('keep the public key of the seals before when a new key begins, and verify all seals by the one file', async () => {
    await using scene = await openScene();
    const { desk, json } = scene;
    const first = await json('audit', 'seal');
    const inData = (name: string) => join(desk.folder, '.retention', name);
    await rename(inData('seal-key.pem'), inData('away.pem'));

    const second = await desk.retention('audit', 'seal', '--new-key', '--today');
    expect(second.code).toBe(0);
    const fingerprint = /Give the public key to whoever verifies: \S+, SHA-256 (\w{64})\./.exec(
      second.stderr,
    )?.[1];
    expect(second.stderr).toContain('seal-key.pub.pem holds other keys as well: leave them there,');
    const publicPem = await readFile(inData('seal-key.pub.pem'), 'utf8');
    expect(parsePublicKeys(publicPem).map((key) => key?.fingerprint)).toEqual([
      first.document.key.fingerprint,
      fingerprint,
    ]);

    const publicKeyFile = join('.retention', 'seal-key.pub.pem');
    const verified = await json('audit', 'verify', '--public-key', publicKeyFile);
    expect(verified).toMatchObject({
      code: 0,
      document: {
        fits: true,
        keys: [{ fingerprint: first.document.key.fingerprint }, { fingerprint }],
      },
    });
    await desk.retention('audit', 'seal');
    expect(await readFile(inData('seal-key.pub.pem'), 'utf8')).toBe(publicPem);
  });

  it('say why nothing is sealed', async () => {
    await using store = await startTestStore();
    await using scene = await openScene(store);
    const { desk } = scene;
    const empty = await desk.retention('audit', 'seal', '--today');
    expect(empty.stderr).toContain('The audit has no record yet, so there is nothing to seal.\n');
    await fill(store);
    await desk.retention('audit', 'seal', '--today');
    const again = await desk.retention('audit', 'seal', '--today');
    expect(again.stderr).toMatch(
      /^\nToday \(UTC\) is sealed already, as it stood then; what it has brought since goes into the seal of the next day\.\n/,
    );
    expect(again.code).toBe(0);
  });

  it('write no public key into a file that holds something else', async () => {
    await using scene = await openScene();
    const { desk } = scene;
    await desk.write('ours.pub.pem', 'notes\n');
    const refused = await desk.retention('audit', 'seal', '--key', 'ours.pem');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^ours\.pub\.pem, where the public key belongs, holds no public keys/);
    expect(await readFile(join(desk.folder, 'ours.pub.pem'), 'utf8')).toBe('notes\n');
  });

  it('call nothing proved where nothing is sealed, and no key what is none', async () => {
    await using scene = await openScene();
    const { desk } = scene;
    const nothing = await desk.retention('audit', 'verify');
    expect(nothing.code).toBe(2);
    expect(nothing.stderr).toContain('No day of the workspace simulated is sealed');
    const noKey = await desk.retention('audit', 'verify', '--public-key', 'retention.yaml');
    expect(noKey.code).toBe(2);
    expect(noKey.stderr).toContain('retention.yaml must hold public keys');
    expect((await desk.retention('audit', 'verify', '--public-key', 'none.pem')).stderr).toContain(
      'none.pem cannot be read',
    );
    const swapped = await desk.retention('audit', 'verify', '--from', '2026-02-02', '--to', '2026-02-01');
    expect(swapped).toMatchObject({ code: 2, stderr: '--from is later than --to; swap them.\n' });
    expect((await desk.retention('audit', 'verify', '--from', '2026-02-30')).stderr).toContain(
      'Give a day such as',
    );
  });
});
