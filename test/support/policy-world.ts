import type { Directory } from '#policy/directory.ts';
import { type AdminId, brandId, type TagId, type TeamId } from '#policy/ids.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import type { ResolvedPolicy } from '#policy/policy.ts';
import { resolveNames } from '#policy/resolve-names.ts';
import type { JsonObject, PolicyWords } from './arbitrary-policy.ts';
import { testNow } from './facts.ts';

/** A workspace as the tests of the policy know it. */
export const testDirectory: Directory = {
  tags: ['billing', 'bug', 'gdpr-erase', 'legal-hold', 'spam', 'vip'].map((name, index) => ({
    id: brandId<TagId>(String(7001 + index)),
    name,
  })),
  teams: ['Finance', 'Legal', 'Support'].map((name, index) => ({
    id: brandId<TeamId>(String(501 + index)),
    name,
  })),
  admins: ['Ada Archer', 'Ben Baker', 'Cleo Carter'].map((name, index) => ({
    id: brandId<AdminId>(String(9001 + index)),
    name,
  })),
};

export const testWords: PolicyWords = {
  workspace: 'a86dr8yl',
  tags: testDirectory.tags.map(({ name }) => name),
  teams: testDirectory.teams.map(({ name }) => name),
  admins: testDirectory.admins.map(({ name }) => name),
  contactIds: ['c-1', 'c-2', 'c-3', 'c-4'],
  companyIds: ['co-1', 'co-2', 'co-3'],
  attributes: {
    plan: ['free', 'pro', 'enterprise', 3],
    order_value: [1, 20, 300],
    contract_signed: [true, false],
  },
  nowMs: testNow,
};

/** A policy document as the code judges with it. Fails the test, with every problem, when it is not valid. */
export function resolvedPolicy(document: JsonObject): ResolvedPolicy {
  const parse = parsePolicy(JSON.stringify(document));
  if (!parse.ok) throw new Error(`${JSON.stringify(document)}: ${JSON.stringify(parse.problems)}`);
  const resolution = resolveNames(parse.policy, testDirectory);
  if (!resolution.ok) throw new Error(JSON.stringify(resolution.problems));
  return resolution.policy;
}
