import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDeployment } from '#infra/deployment.ts';
import { parseSettings } from '#infra/settings.ts';

const project = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'retention-settings-'));

const problemsOf = (value: unknown): readonly string[] => {
  const parsed = parseSettings(value);
  return parsed.ok ? [] : parsed.problems;
};

describe('parseSettings', () => {
  it('needs nothing but the policy', () => {
    const parsed = parseSettings({ policyFile: 'retention.yaml' });
    expect(parsed).toMatchObject({
      ok: true,
      settings: { timeZone: 'UTC', webhook: 'function-url', sweepMemoryMb: 1024, logRetentionDays: 90 },
    });
  });

  it('takes the example of docs/deploy.md, which names every setting there is', () => {
    const [, example = ''] =
      /```jsonc\n(.*?)```/s.exec(readFileSync(join(project, 'docs/deploy.md'), 'utf8')) ?? [];
    const settings: object = JSON.parse(example.replaceAll(/\s+\/\/ .*$/gm, ''));
    expect(problemsOf(settings)).toEqual([]);
    const source = readFileSync(join(project, 'infra/settings.ts'), 'utf8');
    const [, definition = ''] = /z\.strictObject\(\{\n(.*?)\n\}\);/s.exec(source) ?? [];
    const names = [...definition.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(20);
    const forUsers = names.filter((name) => name !== 'intercomBaseUrl'); // that one is for the simulator
    expect(Object.keys(settings).toSorted()).toEqual(forUsers.toSorted());
  });

  it('names every problem at once, each in one sentence with its remedy', () => {
    const problems = problemsOf({
      timeZone: 'Mars/Olympus',
      sweepSchedule: '0 3',
      webhook: 'pigeon',
      notificationEmail: 'nobody',
      sweepMemoryMb: 100,
      logRetentionDays: 8,
      eventPace: 'all',
      colour: 'red',
    });
    expect(problems).toHaveLength(9);
    for (const name of [
      'policyFile',
      'timeZone',
      'sweepSchedule',
      'webhook',
      'notificationEmail',
      'colour',
    ]) {
      expect(problems.filter((problem) => problem.includes(`"${name}"`))).toHaveLength(1);
    }
    for (const problem of problems) expect(problem).toMatch(/^The setting ".*[^.]\.$/);
  });

  it.each([
    ['timeZone', 'Europe/Berlin'],
    ['sweepSchedule', '0 3 ? * MON-FRI *'],
    ['intercomVersion', 'Preview'],
    ['intercomVersion', '2.17'],
    ['timeZone', 'Etc/UTC'],
    ['timeZone', 'Asia/Kolkata'],
    ['timeZone', 'US/Eastern'],
    ['timeZone', 'GMT'],
    ['sweepSchedule', '0 3 ? * SAT-SUN *'],
    ['sweepSchedule', '0 3 ? * MON#1 *'],
    ['noticeEventBus', 'aws.partner/example.com/copies_1'],
    ['noticeEventBus', 'arn:aws:events:eu-west-1:123456789012:event-bus/copies'],
    ['intercomBaseUrl', 'http://127.0.0.1:8080'],
    ['logRetentionDays', 400],
    ['eventPace', '10%'],
    ['reconcileGrace', '36h'],
    ['webhookConcurrency', 1],
  ])('takes %s: %s', (name, value) => {
    expect(problemsOf({ policyFile: 'p', [name]: value })).toEqual([]);
  });

  it.each([
    ['sweepSchedule', '0 3 * * * *', /: of day of month and day of week exactly one has to be "\?"; give/],
    [
      'reconcileSchedule',
      'a b c d e f',
      /"a" is nothing for minutes .* "f" is nothing for year \(1970-2199\)/,
    ],
    [
      'sealSchedule',
      '99 99 * * ? *',
      /: "99" is nothing for minutes .*, and "99" is nothing for hours \(0-23\);/,
    ],
    ['timeZone', '+01:00', /no time zone of the IANA data base/],
    ['timeZone', 'europe/berlin', /no time zone of the IANA data base, spelt as there; give one such as/],
    ['timeZone', 'Factory', /no time zone/],
    [
      'intercomVersion',
      '2.0',
      /no version of the Intercom API .* give one of 2\.16, 2\.17, Preview, Unstable\.$/,
    ],
    ['intercomVersion', '2.15', /has the list of deleted conversations, which every reconciliation reads/],
    ['noticeEventBus', 'my bus!', /neither name nor ARN of an event bus/],
    ['noticeEventBus', 'arn:aws:sns:eu-west-1:123456789012:topic', /neither name nor ARN of an event bus/],
    [
      'noticeEventBus',
      'arn:aws:sqs:eu-west-1:123456789012:event-bus/copies',
      /neither name nor ARN of an event bus/,
    ],
    ['noticeEventBus', '', /neither name nor ARN of an event bus/],
  ])('refuses %s: %j in one sentence', (name, value, sentence) => {
    expect(problemsOf({ policyFile: 'p', [name]: value })).toEqual([expect.stringMatching(sentence)]);
    expect(problemsOf({ policyFile: 'p', [name]: value })[0]).toMatch(
      new RegExp(`^The setting "${name}" is n[^\n]*\\.$`),
    );
  });

  it('wants a pace above zero for events', () => {
    expect(problemsOf({ policyFile: 'p', eventPace: '0%' })).toEqual([
      expect.stringMatching(/^The setting "eventPace" is not .* above 0%\.$/),
    ]);
  });

  it.each([[undefined], [null], [[]], ['text'], [7]])('refuses %j as settings', (value) => {
    expect(problemsOf(value)).toEqual(['The settings are no JSON object; give one, as cdk.json does.']);
  });
});

const contextOf = (context: Readonly<Record<string, unknown>>) => ({
  tryGetContext: (key: string) => context[key],
});

describe('readDeployment', () => {
  it.each([
    [
      { stage: 'test', stages: {} },
      'There are no settings for the stage "test"; add them to "stages" in cdk.json, or name their file with -c settings=FILE.',
    ],
    [{ stage: 'Not A Name' }, 'The stage is no short name'],
    [
      { stage: 'test', stages: { test: { policyFile: 'nowhere.yaml' } } },
      'The file nowhere.yaml cannot be read; give the path from the project',
    ],
    [
      { stage: 'test', stages: { test: { policyFile: 'retention.example.yaml', timeZone: 'x', y: 1 } } },
      'The settings of the stage "test": The setting "timeZone" is no time zone',
    ],
    [{ stage: 'test', settings: 'README.md' }, 'The file README.md is no JSON'],
  ])('refuses %j', (context, sentence) => {
    expect(() => readDeployment(contextOf(context), project)).toThrow(
      expect.objectContaining({ name: 'DeploymentError', message: expect.stringContaining(sentence) }),
    );
  });

  it("refuses paces that are more than Intercom's limit together, and takes those that are all of it", () => {
    const read = (pace: string, eventPace?: string) => {
      const policyFile = join(folder, `pace-${pace}.yaml`);
      writeFileSync(policyFile, `version: 1\nworkspace: simulated\npace: ${pace}\nrules: []\n`);
      const settings = { policyFile, ...(eventPace === undefined ? {} : { eventPace }) };
      return () => readDeployment(contextOf({ stage: 'test', stages: { test: settings } }), project);
    };
    expect(read('80%')).not.toThrow();
    expect(read('84.999999%', '10.000001%')).not.toThrow();
    expect(read('80.000001%')).toThrow('80.000001% for sweeps ("pace" in the policy), 15% for events');
    expect(read('50%', '45.1%')).toThrow(
      /^The paces ask for more than all .* 45\.1% for events \(the setting "eventPace"\) and 5% for the reconciliation; lower .*\.$/,
    );
  });

  it('tells the problems of the settings, of the policy and of both together at once', () => {
    const policyFile = join(folder, 'broken.yaml');
    writeFileSync(policyFile, 'version: 1\nmode: erase\nworkspace: simulated\nrules: []\n');
    const read = (settings: object) => () =>
      readDeployment(contextOf({ stage: 'test', stages: { test: settings } }), project);
    expect(read({ policyFile, sweepSchedule: 'x', timeZone: 'x' })).toThrow(
      /^The settings of the stage "test": The setting "sweepSchedule" [^\n]+ The setting "timeZone" [^\n]+ The policy cannot be deployed\. [^\n]*broken\.yaml:2:7 [^\n]+$/,
    );
    expect(read({ policyFile: 'nowhere.yaml', sweepSchedule: 'x' })).toThrow(
      /"sweepSchedule" .* The file nowhere\.yaml cannot be read/,
    );
    writeFileSync(policyFile, 'version: 1\npace: 90%\nworkspace: simulated\nrules: []\n');
    expect(read({ policyFile, sweepSchedule: 'x', eventPace: '20%' })).toThrow(
      /"sweepSchedule" .* The paces ask for more than all/,
    );
    expect(read({ policyFile, eventPace: 'much' })).toThrow(
      /^The settings of the stage "test": The setting "eventPace" [^\n]* and above 0%\.$/,
    );
  });

  it('reads the settings of a stage from a file of their own', () => {
    const settings = join(folder, 'staging.json');
    writeFileSync(settings, JSON.stringify({ policyFile: 'retention.example.yaml', timeZone: 'Asia/Tokyo' }));
    const deployment = readDeployment(contextOf({ stage: 'staging', settings }), project);
    expect(deployment).toMatchObject({ stage: 'staging', settings: { timeZone: 'Asia/Tokyo' } });
    expect(deployment.policy.workspaceId).toBe('a86dr8yl');
  });
});

describe('cdk.json', () => {
  it('names a stage of its own, which no deployment of a user has, and whose example can be deployed', () => {
    const { context } = JSON.parse(readFileSync(join(project, 'cdk.json'), 'utf8'));
    expect(context.stages.example).toEqual({ policyFile: 'retention.example.yaml' });
    expect(readDeployment(contextOf(context), project)).toMatchObject({
      stage: 'example',
      policy: { mode: 'observe' },
    });
  });
});

describe('node infra/app.ts', () => {
  it('ends with 2 and one line for a bad policy, and makes no template', () => {
    const policyFile = join(folder, 'bad.yaml');
    const outdir = join(folder, 'out');
    writeFileSync(policyFile, 'version: 1\nmode: erase\nrules: []\nlimts: {}\n');
    const { status, stdout, stderr } = spawnSync(process.execPath, ['infra/app.ts'], {
      cwd: project,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        CDK_OUTDIR: outdir,
        CDK_CONTEXT_JSON: JSON.stringify({ stage: 'test', stages: { test: { policyFile } } }),
      },
    });
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^The policy cannot be deployed\. .*bad\.yaml:2:7 .*bad\.yaml:4:1 [^\n]*\n$/);
    expect(readdirSync(outdir)).toEqual([]);
  });
});
