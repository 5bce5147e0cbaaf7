import fc from 'fast-check';
import { makePlan } from '#sweep/make-plan.ts';
import { arbitraryPolicyDocument, type JsonObject, type PolicyWords } from './arbitrary-policy.ts';
import { type OracleDirectory, oracleVerdict } from './oracle.ts';
import { type SweepWorld, sweepWorld } from './sweep-world.ts';

export interface PlanEquality {
  readonly policies: number;
  /** Policies that planned at least one deletion. */
  readonly matching: number;
  readonly planned: number;
  readonly writeCalls: number;
  /** A sentence for every plan that was not what it should be; empty when all were. */
  readonly different: readonly string[];
}

/** Plans so many generated policies by list and by search, and compares each plan with a brute-force evaluation of the truth. */
export async function comparePlans(options: {
  readonly conversations: number;
  readonly policies: number;
  readonly seed: number;
}): Promise<PlanEquality> {
  await using world = await sweepWorld({ generate: options.conversations, seed: options.seed });
  const truth = [...world.simulator.conversations()].map(({ id, json }) => ({ id, json }));
  const documents = fc.sample(arbitraryPolicyDocument(wordsOf(world, truth)), {
    seed: options.seed,
    numRuns: options.policies,
  });
  const different: string[] = [];
  let matching = 0;
  let planned = 0;

  for (const [at, document] of documents.entries()) {
    const expected = expectedPlan(world, document, truth);
    for (const scan of ['list', 'search'] as const) {
      const plan = await planBy(world, document, scan);
      const difference = firstDifference(expected, plan);
      if (difference !== undefined) {
        different.push(
          `Seed ${options.seed}, policy ${at}, ${scan}: ${difference} ${JSON.stringify(document)}`,
        );
      }
    }
    if (expected.size > 0) matching += 1;
    planned += expected.size;
  }
  const { writeCalls } = world.simulator.stats();
  return { policies: documents.length, matching, planned, writeCalls, different };
}

/** Every conversation of the simulated workspace, as Intercom would send it. */
export type Truth = readonly { readonly id: string; readonly json: JsonObject }[];

function expectedPlan(world: SweepWorld, document: JsonObject, truth: Truth): ReadonlyMap<string, string> {
  const directory = directoryOf(world);
  const expected = new Map<string, string>();
  for (const { id, json } of truth) {
    const verdict = oracleVerdict(document, json, world.clock.now(), directory, 'schedule');
    if ('delete' in verdict) expected.set(id, verdict.delete);
  }
  return expected;
}

/** Its tags, teams and teammates, for the oracle. */
export function directoryOf({ simulator }: SweepWorld): OracleDirectory {
  const { tags, teams, admins } = simulator.staff;
  const named = ({ id, name }: { readonly id: string | number; readonly name: string }) => ({
    id: String(id),
    name,
  });
  return { tags: tags.map(named), teams: teams.map(named), admins: admins.map(named) };
}

async function planBy(world: SweepWorld, document: JsonObject, scan: 'list' | 'search') {
  const plan = await makePlan(world.deps(), world.request({ ...document, scan }));
  const deletions = await world.plannedDeletions(plan);
  return deletions.map(({ conversationId, ruleId }) => [conversationId, ruleId] as const);
}

function firstDifference(
  expected: ReadonlyMap<string, string>,
  plan: readonly (readonly [string, string])[],
): string | undefined {
  const planned = new Map<string, string>(plan);
  if (planned.size !== plan.length) return 'a conversation is planned twice.';
  for (const [id, rule] of expected) {
    if (planned.get(id) !== rule)
      return `${id} should go by ${rule}, and is planned by ${planned.get(id) ?? 'none'}.`;
  }
  for (const id of planned.keys()) if (!expected.has(id)) return `${id} should stay, and is planned.`;
  return undefined;
}

/** The words of the simulated workspace, so that generated rules find something. */
export function wordsOf(world: SweepWorld, truth: Truth): PolicyWords {
  const { tags, teams, admins } = world.simulator.staff;
  const some = truth.slice(0, 400).map(({ json }) => json);
  const attributes = new Map<string, Set<string | number | boolean>>();
  for (const json of some) {
    for (const [name, value] of Object.entries((json['custom_attributes'] ?? {}) as JsonObject)) {
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue;
      attributes.set(name, (attributes.get(name) ?? new Set()).add(value));
    }
  }
  return {
    workspace: world.workspaceId,
    tags: tags.map(({ name }) => name),
    teams: teams.map(({ name }) => name),
    admins: admins.map(({ name }) => name),
    contactIds: some.flatMap(contactIdsOf).slice(0, 60),
    companyIds: [...new Set(some.flatMap(companyIdsOf))].slice(0, 20),
    attributes: Object.fromEntries([...attributes].map(([name, values]) => [name, [...values]])),
    nowMs: world.clock.now(),
  };
}

const contactIdsOf = (json: JsonObject): string[] => {
  const { contacts } = json['contacts'] as { readonly contacts: readonly { readonly id: string }[] };
  return contacts.map(({ id }) => id);
};

const companyIdsOf = (json: JsonObject): string[] => {
  const company = json['company'] as { readonly id: string } | null;
  return company === null ? [] : [company.id];
};
