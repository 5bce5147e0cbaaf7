import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SettingsInput } from '#simulator/settings.ts';
import { oldConversations, openScene, twoYearsPolicy } from '#support/cli-scene.ts';

/** One thing that is wrong, and what is said of it. */
interface BadInput {
  readonly what: string;
  readonly policy?: string;
  readonly simulator?: SettingsInput & { readonly region?: string };
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly code: 1 | 2;
  /** Of the JSON document's error. */
  readonly error: string;
  readonly says: RegExp;
}

const policyWith = (line: string): string => twoYearsPolicy.replace('mode: delete', `mode: delete\n${line}`);

const badInputs: readonly BadInput[] = [
  {
    what: 'malformed YAML',
    policy: 'version: 1\nworkspace: [simulated\nrules: []\n',
    code: 2,
    error: 'policy_invalid',
    says: /retention\.yaml:\d+:\d+ This is not YAML/,
  },
  {
    what: 'an unknown key in the policy',
    policy: policyWith('scann: list'),
    code: 2,
    error: 'policy_invalid',
    says: /retention\.yaml:4:1 scann: /,
  },
  {
    what: 'several problems at once',
    policy: policyWith('scann: list\npace: 0%').replace('version: 1', 'version: 2'),
    code: 2,
    error: 'policy_invalid',
    says: /has 3 problems to correct:\nretention\.yaml:1:.*\nretention\.yaml:4:.*\nretention\.yaml:5:/,
  },
  {
    what: 'a policy file that is not there',
    args: ['plan', '--policy', 'nowhere.yaml'],
    code: 2,
    error: 'usage',
    says: /There is no policy at nowhere\.yaml; write one with "retention init"/,
  },
  {
    what: 'a policy file that is a folder',
    args: ['plan', '--policy', '.'],
    code: 2,
    error: 'usage',
    says: /The policy \. cannot be read; check that it is a file/,
  },
  {
    what: 'an unknown tag name, with the nearest',
    policy: policyWith('protect: { tags: [legal-hodl] }'),
    code: 2,
    error: 'configuration',
    says: /no tag "legal-hodl"; the nearest is "legal-hold"/,
  },
  {
    what: "another workspace's token",
    policy: twoYearsPolicy.replace('workspace: simulated', 'workspace: another'),
    code: 2,
    error: 'configuration',
    says: /belongs to the workspace simulated .*written for another/,
  },
  {
    what: 'a dead token',
    simulator: { access: { status: 'unauthorized' } },
    code: 1,
    error: 'unauthorized',
    says: /does not accept the access token \(401 unauthorized at GET \/me\); put a valid one/,
  },
  {
    what: 'a missing scope',
    simulator: { access: { missingScopes: ['read_conversations'] } },
    code: 1,
    error: 'forbidden',
    says: /scope|permission/,
  },
  {
    what: 'version 2.12',
    env: { INTERCOM_VERSION: '2.12' },
    code: 2,
    error: 'settings_invalid',
    says: /2\.12 .*INTERCOM_VERSION=2\.16/,
  },
  {
    what: 'retain_metrics: false on 2.14',
    policy: twoYearsPolicy.replace('retain_metrics: true', 'retain_metrics: false'),
    env: { INTERCOM_VERSION: '2.14' },
    code: 2,
    error: 'configuration',
    says: /The rule "old" says retain_metrics: false.*INTERCOM_VERSION to 2\.16/,
  },
  {
    what: 'a missing token and a region that is none',
    env: { INTERCOM_ACCESS_TOKEN: '', INTERCOM_BASE_URL: '', INTERCOM_REGION: 'mars' },
    code: 2,
    error: 'settings_invalid',
    says: /INTERCOM_ACCESS_TOKEN is not set.*\n.*INTERCOM_REGION is "mars"/,
  },
  {
    what: 'a data folder that is a file',
    args: ['plan', '--data-dir', 'retention.yaml'],
    code: 2,
    error: 'configuration',
    says: /The data folder retention\.yaml cannot be written; .*--data-dir/,
  },
  {
    what: 'DynamoDB without its tables',
    args: ['plan', '--store', 'dynamodb'],
    code: 2,
    error: 'settings_invalid',
    says: /AUDIT_TABLE is not set.*\nSTATE_TABLE is not set/,
  },
  {
    what: 'a store that does not answer',
    args: ['plan', '--store', 'dynamodb'],
    env: {
      AUDIT_TABLE: 'audit',
      STATE_TABLE: 'state',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'made-up',
      AWS_SECRET_ACCESS_KEY: 'made-up',
    },
    code: 1,
    error: 'store',
    says: /store .*127\.0\.0\.1:9/,
  },
  {
    what: 'an unknown plan',
    args: ['apply', '019a0001-0000-7000-8000-00000000000a'],
    code: 2,
    error: 'usage',
    says: /There is no plan 019a0001.*"retention plan list"/,
  },
  {
    what: 'an approval where there is no plan yet',
    args: ['approve', 'latest'],
    code: 2,
    error: 'usage',
    says: /There is no plan yet/,
  },
  {
    what: 'a day that does not exist',
    args: ['audit', 'query', '--from', '2026-02-30'],
    code: 2,
    error: 'usage',
    says: /--from .*Give a day such as 2026-01-31/,
  },
  {
    what: 'a range of time that is empty',
    args: ['audit', 'query', '--from', '2026-02-01', '--to', '2026-01-01'],
    code: 2,
    error: 'usage',
    says: /--from is not before --to/,
  },
  {
    what: 'an unknown outcome',
    args: ['audit', 'query', '--outcome', 'gone'],
    code: 2,
    error: 'usage',
    says: /Allowed choices are deleted, not_found/,
  },
  {
    what: 'an unknown command',
    args: ['delete-everything'],
    code: 2,
    error: 'usage',
    says: /unknown command 'delete-everything'/,
  },
  {
    what: 'a conversation id that is none',
    args: ['status', 'https://app.intercom.com/a/inbox'],
    code: 2,
    error: 'usage',
    says: /is no conversation id/,
  },
  {
    what: 'a hold on nothing',
    args: ['hold', 'add', '--matter', 'M', '--owner', 'legal', '--reason', 'x'],
    code: 2,
    error: 'usage',
    says: /Say what the hold is on/,
  },
  {
    what: 'a hold on a tag that there is not',
    args: ['hold', 'add', '--tag', 'enterprize', '--matter', 'M', '--owner', 'legal', '--reason', 'x'],
    code: 2,
    error: 'usage',
    says: /no tag "enterprize"; the nearest is "enterprise"/,
  },
];

// Every row is a process of its own.
describe('retention', { timeout: 120_000 }, () => {
  it.each(badInputs)('refuses $what with code $code and a sentence, and deletes nothing', async (bad) => {
    await using scene = await openScene({
      policy: bad.policy ?? twoYearsPolicy,
      conversations: oldConversations(2),
      ...bad.simulator,
      env: bad.env ?? {},
    });
    const { code, stdout, stderr } = await scene.retention(...(bad.args ?? ['run']), '--json');
    expect(stderr).toMatch(bad.says);
    expect(stderr).not.toContain('    at '); // no stack: nothing of this is a fault of ours
    expect(stderr + stdout).not.toContain('made-up-token');
    const { error } = JSON.parse(stdout);
    expect({ code, error: error.code }).toEqual({ code: bad.code, error: bad.error });
    expect(error.message).toMatch(bad.says);
    expect(scene.simulator.stats().writeCalls).toBe(0);
  });

  it('refuses an approval with nobody there to ask, and changes nothing', async () => {
    await using scene = await openScene({ policy: twoYearsPolicy, conversations: oldConversations(1) });
    await scene.retention('plan');
    const { code, stderr } = await scene.retention('approve', 'latest');
    expect(code).toBe(2);
    expect(stderr).toContain('There is no terminal to ask for the approval on');
    expect((await scene.retention('run')).code).toBe(3);
  });

  it('refuses settings of a simulator that it does not have', async () => {
    await using scene = await openScene({ policy: undefined });
    await writeFile(join(scene.desk.folder, 'settings.json'), '{"latency": 3}');
    const { code, stderr } = await scene.retention('simulate', '--settings', 'settings.json');
    expect(code).toBe(2);
    expect(stderr).toContain('latency');
  });
});
