import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayText } from '#cli/number-text.ts';
import { openStore } from '#cli/open-store.ts';
import { storeSettings } from '#cli/settings.ts';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import { anOutcome, aRun, stoppedClock } from '#support/audit-builders.ts';
import { openDesk } from '#support/cli.ts';
import { type CliScene, oldConversations, openScene } from '#support/cli-scene.ts';

const policy = `version: 1
workspace: simulated
mode: delete
limits: { share_of_workspace: 100%, failures: 100% }
rules:
  - id: old
    description: "</script><img src=x onerror=alert(1)>"
    legal_basis: Retention schedule 4.2
    when: { state: closed, last_activity: { older_than: 2y } }
    retain_metrics: true
`;

interface QueriedRecord {
  readonly outcome: string;
  readonly rule_id: string;
  readonly metrics_retained: boolean | null;
}

let scene: CliScene;
let records: readonly QueriedRecord[];

beforeAll(async () => {
  scene = await openScene({ policy, conversations: oldConversations(9) });
  const { retention, simulator } = scene;
  simulator.happen('9', { action: 'delete' });
  await retention('run'); // nobody has approved
  await retention('plan');
  await retention('approve', 'latest', '--yes', '--by', 'privacy-officer');
  await retention(
    'hold',
    'add',
    '--conversation',
    '3',
    '--matter',
    'claim 7',
    '--owner',
    'legal',
    '--reason',
    'Jane Doe',
  );
  await retention('run');
  await retention('reconcile');
  const { stdout } = await retention('audit', 'query', '--json');
  records = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}, 120_000);
afterAll(() => scene?.[Symbol.asyncDispose]());

const count = (matches: (record: QueriedRecord) => boolean): number => records.filter(matches).length;
const read = (name: string): Promise<string> => readFile(join(scene.desk.folder, name), 'utf8');

// Every command is a process of its own.
describe('retention report', { timeout: 60_000 }, () => {
  it('prints figures that equal a recount of what "audit query" prints', async () => {
    const { code, document } = await scene.json('report');
    expect(code).toBe(0);
    expect(count(({ outcome }) => outcome === 'deleted')).toBeGreaterThan(5);
    expect(document).toMatchObject({
      workspace_id: 'simulated',
      interval: 'day',
      records: records.length,
      by_outcome: {
        deleted: count(({ outcome }) => outcome === 'deleted'),
        kept: count(({ outcome }) => outcome === 'kept'),
        failed: 0,
      },
      metrics: {
        asked_to_keep: {
          kept: count(({ outcome, metrics_retained }) => outcome === 'deleted' && metrics_retained === true),
          removed: 0,
        },
      },
      runs: { total: 2, by_end: { done: 1, refused: 1 }, refusals: { not_approved: { runs: 1 } } },
      acts: {
        by_kind: { approved: 1, hold_added: 1 },
        newest: [{ by: expect.any(String) }, { by: 'privacy-officer' }],
      },
      reconciliations: { total: 1, change: { deleted_elsewhere: 1 } },
      holds: [{ target: 'conversation', target_id: '3', matter: 'claim 7', owner: 'legal' }],
    });
    expect(JSON.stringify(document)).not.toContain('Jane');
    await expect(read('report.html')).rejects.toThrow('ENOENT');
  });

  it('says that no day is sealed before any is', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const { document } = await scene.json('report');
    expect(document).toMatchObject({ seals: { sealed: [], unsealed: [], not_due: [today] } });
  });

  it('writes them as a page, with the rule as the policy describes it and nothing in it run', async () => {
    const { code, stderr } = await scene.retention('report', '--out', 'q.html');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `q.html: ${records.length} audit records, 2 runs.\n`,
    });
    const text = await read('q.html');
    const { document } = parseHTML(text);
    expect(document.querySelector('[data-figure=deleted]')!.textContent).toBe(
      String(count(({ outcome }) => outcome === 'deleted')),
    );
    expect(document.querySelector('#rules-table')!.textContent).toContain(
      '</script><img src=x onerror=alert(1)>',
    );
    expect(document.querySelectorAll('img').length).toBe(0);
    expect(text).not.toContain('Jane');
  });

  it('takes the time that is asked for', async () => {
    expect((await scene.json('report', '--from', '2020-01-01', '--to', '2020-12-31')).document).toMatchObject(
      {
        from: '2020-01-01T00:00:00.000Z',
        until: '2021-01-01T00:00:00.000Z',
        interval: 'week',
        records: 0,
        runs: { total: 0 },
      },
    );
  });

  it('replaces its own page and refuses to write over anything else', async () => {
    await scene.retention('report');
    const first = await read('report.html');
    expect((await scene.retention('report')).code).toBe(0);
    expect(await read('report.html')).not.toBe(first);
    const { code, stderr } = await scene.retention('report', '--out', 'retention.yaml');
    expect(code).toBe(2);
    expect(stderr).toContain(
      'retention.yaml is there already and is no page of this program; name another file.',
    );
    expect(await read('retention.yaml')).toBe(policy);
  });
});

describe('retention report of a sealed audit', { timeout: 60_000 }, () => {
  it('says which days are sealed', async () => {
    await using desk = await openDesk();
    await desk.write('retention.yaml', policy);
    const before = instantFromMs(Date.now() - 4 * 86_400_000);
    const settings = storeSettings(
      {},
      { json: false, quiet: true, dataDir: join(desk.folder, '.retention') },
    );
    await using store = await openStore(settings, stoppedClock(before));
    const workspaceId = brandId<WorkspaceId>('simulated');
    await store.audit.putRunStarted(aRun({ workspaceId, startedAt: before }));
    await store.audit.putOutcome(anOutcome({ workspaceId, recordedAt: before }));

    const dayOf = (daysAgo: number): string => dayText(instantFromMs(Date.now() - daysAgo * 86_400_000));
    const unsealed = JSON.parse((await desk.retention('report', '--json')).stdout);
    expect(unsealed).toMatchObject({
      records: 1,
      seals: { sealed: [], unsealed: [dayOf(4), dayOf(3), dayOf(2)] },
    });

    expect(await desk.retention('audit', 'seal', '--new-key')).toMatchObject({ code: 0 });
    const { seals } = JSON.parse((await desk.retention('report', '--json')).stdout);
    expect(seals).toMatchObject({
      sealed: expect.arrayContaining([
        expect.objectContaining({ day: dayOf(4), records: 2, late_records: 0 }),
      ]),
      unsealed: [],
    });
    expect(seals.sealed.length).toBeGreaterThanOrEqual(3);
  });

  it('calls no day sealed that was sealed while it went on, as "audit verify" does not', async () => {
    await using desk = await openDesk();
    await desk.write('retention.yaml', policy);
    expect(await desk.retention('pause', '--reason', 'a try')).toMatchObject({ code: 0 });
    expect(await desk.retention('audit', 'seal', '--today', '--new-key')).toMatchObject({ code: 0 });
    expect(await desk.retention('resume', '--reason', 'done')).toMatchObject({ code: 0 });
    expect((await desk.retention('audit', 'verify')).stderr).toContain(
      'Not sealed yet: 1 record of a day that was sealed while it went on.',
    );
    const { seals } = JSON.parse((await desk.retention('report', '--json')).stdout);
    expect(seals).toMatchObject({
      sealed: [],
      partly_sealed: [{ records: 1, sealed_until: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) }],
      unsealed: [],
    });
    expect(seals.partly_sealed[0].sealed_until.slice(0, 10)).toBe(seals.partly_sealed[0].day);
  });
});

describe('retention plan show --html', { timeout: 60_000 }, () => {
  it('writes the plan as a page that says who approved it', async () => {
    const { code, stderr } = await scene.retention('plan', 'show', 'latest', '--html', 'plan.html');
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^plan\.html: \d+ conversation/),
    });
    const { document } = parseHTML(await read('plan.html'));
    const deleted = count(({ outcome }) => outcome === 'deleted');
    const gate = document.querySelector('#gate')!.textContent;
    expect(gate).toMatch(/It has been carried out on \d+ \w+ \d{4}, \d\d:\d\d, by the run [\da-f-]{36}\./);
    expect(gate).toContain(`${deleted} conversations were deleted. Spared: 1.`);
    expect(gate).toContain('Approved by privacy-officer');
    expect(document.querySelector('#rules-table')!.textContent).toContain('Retention schedule 4.2');
  });
});
