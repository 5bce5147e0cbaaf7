import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePolicy } from '#policy/parse-policy.ts';
import { outputNames } from '#runtime/output-names.ts';
import { openDesk } from '#support/cli.ts';
import { startDeployedAws } from '#support/deployed-aws.ts';
import { deployedStack } from '#support/deployed-aws-state.ts';
import { type StoreAccess, startGuardedStore } from '#support/guarded-store.ts';
import { type SealedWorld, sealedWorld, twoYearRule } from '#support/sealed-world.ts';
import { makePlan } from '#sweep/make-plan.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const page = readFileSync(join(import.meta.dirname, '../../docs/security.md'), 'utf8');
const list = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;

/** What stands under a heading of docs/security.md: words, and a policy. */
function documented(person: string): { readonly words: string; readonly policy: string } {
  const [, words = '', policy = ''] =
    new RegExp(`### ${person}\n(.*?)\`\`\`json\n(.*?)\`\`\``, 's').exec(page) ?? [];
  return { words, policy };
}

/** The policy as pairs of an action and a resource. */
function pairsOf(text: string): readonly { readonly action: string; readonly resource: string }[] {
  const { Version, Statement: statements } = JSON.parse(text) as {
    readonly Version: string;
    readonly Statement: readonly Statement[];
  };
  expect(Version).toBe('2012-10-17');
  expect(statements.map(({ Effect }) => Effect)).toEqual(statements.map(() => 'Allow'));
  return statements.flatMap(({ Action, Resource }) =>
    list(Action).flatMap((action) => list(Resource).map((resource) => ({ action, resource }))),
  );
}

const hold = ['--conversation', '3', '--matter', 'Case 12/2026', '--by', 'on-call'];
const because = ['--reason', 'Litigation'];
const commands: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'The approver': [
    ['plan', 'list'],
    ['plan', 'show', 'latest'],
    ['approve', 'latest', '--yes', '--by', 'privacy-officer'],
  ],
  'On call': [
    ['pause', ...because, '--by', 'on-call'],
    ['resume', '--by', 'on-call'],
    ['hold', 'add', ...hold, ...because, '--owner', 'legal'],
    ['hold', 'list'],
    ['hold', 'release', ...hold, ...because],
    ['plan', 'show', 'latest'],
    ['run', '--remote'],
    ['status', '1'],
    ['audit', 'query', '--outcome', 'failed'],
    ['audit', 'summary'],
  ],
  'The auditor': [
    ['audit', 'query'],
    ['audit', 'query', '--rule', twoYearRule.id],
    ['audit', 'summary'],
    ['audit', 'verify', '--public-key', 'key.pem', '--whole-table'],
    ['audit', 'certificate', '1', '--out', 'one.html'],
    ['audit', 'export', '--from', 'A-DAY', '--to', 'A-DAY', '--out', 'all', '--format', 'ndjson'],
    ['report', '--from', '2020-01-01', '--out', 'report.html'],
    ['status', '1'],
    ['hold', 'list'],
  ],
};

describe('the policies for people in docs/security.md', { timeout: 120_000 }, () => {
  let sealed: SealedWorld;
  beforeAll(async () => {
    sealed = await sealedWorld();
    const { world } = sealed;
    await makePlan(world.deps(), world.request({ approval: 'each_run', rules: [twoYearRule] }));
  });
  afterAll(() => sealed?.[Symbol.asyncDispose]());

  it.each(Object.keys(commands))(
    '%s can do with it what is said, and needs all that is in it',
    async (person) => {
      const allowed = pairsOf(documented(person).policy);
      const { store } = sealed.world;
      const needed = new Set<string>();
      const resourceOf = ({ table, index }: StoreAccess) =>
        `arn:aws:dynamodb:REGION:ACCOUNT:table/${table === store.tables.audit ? 'AUDIT_TABLE' : 'STATE_TABLE'}${index === undefined ? '' : '/index/*'}`;
      const isAllowed = (access: StoreAccess): boolean => {
        const resource = resourceOf(access);
        needed.add(`${access.action} ${resource}`);
        return allowed.some((pair) => pair.action === access.action && pair.resource === resource);
      };
      await using guarded = await startGuardedStore(store.endpoint, isAllowed);
      await using aws = await startDeployedAws();
      const run = await firstRun();
      const parsed = parsePolicy(sealed.policyText);
      if (!parsed.ok) throw new Error('the policy is not valid');
      const outputs = {
        auditTable: store.tables.audit,
        stateTable: store.tables.state,
        workspaceId: sealed.workspaceId,
        policyHash: parsed.hash,
      } as const;
      for (const [name, value] of Object.entries(outputs))
        aws.outputs.set(outputNames[name as keyof typeof outputs], value);
      const answer = { execution: 'x', run_id: run, done: true, stop_reason: 'done' };
      aws.newExecution = { status: 'SUCCEEDED', output: JSON.stringify(answer) };
      await using desk = await openDesk({ ...aws.env, AWS_ENDPOINT_URL_DYNAMODB: guarded.endpoint });
      await desk.write('retention.yaml', sealed.policyText);
      await desk.write('key.pem', sealed.signer.publicKey.pem);

      for (const words of commands[person] ?? []) {
        const { code, stderr } = await desk.retention(
          ...words.map((word) => (word === 'A-DAY' ? sealed.days[1] : word)),
          '--stack',
          deployedStack,
        );
        expect({ words, code, stderr: code === 0 ? '' : stderr }).toEqual({ words, code: 0, stderr: '' });
      }
      const inStore = allowed.filter(({ action }) => action.startsWith('dynamodb:'));
      expect(inStore.map(({ action, resource }) => `${action} ${resource}`).toSorted()).toEqual(
        [...needed].toSorted(),
      );
      const elsewhere = allowed
        .map(({ action }) => action)
        .filter((action) => !action.startsWith('dynamodb:'));
      expect(elsewhere.map((action) => action.split(':')[1]).toSorted()).toEqual(
        [...new Set(aws.calls)].toSorted(),
      );
    },
  );

  it.each(Object.entries(commands))('%s is told these commands and no others', (person, tried) => {
    const [told = ''] = documented(person).words.split(/;|:\n/);
    const names = [...told.matchAll(/`([a-z -]+)`/g)].map(([, name = '']) => name);
    const isTried = (name: string) => tried.some((words) => `${words.join(' ')} `.startsWith(`${name} `));
    expect(names.filter((name) => !isTried(name))).toEqual([]);
    const isTold = (words: readonly string[]) =>
      names.some((name) => `${words.join(' ')} `.startsWith(`${name} `));
    expect(tried.filter((words) => !isTold(words))).toEqual([]);
  });

  async function firstRun(): Promise<string> {
    for await (const { runId } of sealed.world.deps().audit.summaries(sealed.workspaceId)) return runId;
    throw new Error('the world has a run');
  }
});
