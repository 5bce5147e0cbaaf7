import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseDuration, subtractDuration } from '#policy/duration.ts';
import { evaluate } from '#policy/evaluate.ts';
import type { Facts } from '#policy/facts.ts';
import { instantFromIso, toIso } from '#policy/instant.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import { every, not, some, type Truth } from '#policy/truth.ts';
import type { JsonObject } from '#support/arbitrary-policy.ts';
import { factsOf, testNow } from '#support/facts.ts';
import { resolvedPolicy, testDirectory } from '#support/policy-world.ts';

const fileText = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const page = fileText('docs/policy.md');

/** The YAML examples of the page, each with the table that follows it, if one follows at once. */
const examples = [
  ...page.matchAll(/```yaml\n([\s\S]*?)```(?:\n\n\| conversation \| matches \|\n\|[-|]+\n((?:\|.*\n)+))?/g),
].map(([, yaml = '', table = '']) => ({
  yaml,
  rows: [...table.matchAll(/^\| `(.*)` \| (yes|no|unknown) \|$/gm)],
  table,
}));

/**
 * How an example is completed: it is a policy when it has a `version`, a list of rules when it is a list, a rule's
 * condition when it starts with `when`, and otherwise some settings of a policy.
 */
function completed(yaml: string): JsonObject {
  const value = parse(yaml) as JsonObject | JsonObject[]; // the page's examples are maps and lists
  const rest = { version: 1, workspace: 'a86dr8yl', rules: [] };
  if (Array.isArray(value)) return { ...rest, rules: value };
  if ('version' in value) return value;
  if ('when' in value) return { ...rest, rules: [{ id: 'example', ...value, retain_metrics: true }] };
  return { ...rest, ...value };
}

const truths: Readonly<Record<string, Truth>> = { yes: 'true', no: 'false', unknown: 'unknown' };

describe('docs/policy.md', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(25);
    expect(examples.flatMap(({ rows }) => rows).length).toBeGreaterThan(70);
  });

  it.each(examples)('shows only YAML that is a valid policy or a part of one: $yaml', ({ yaml }) => {
    const result = parsePolicy(yaml.includes('version:') ? yaml : JSON.stringify(completed(yaml)));
    expect(result).toMatchObject({ ok: true });
  });

  it.each(examples.filter(({ table }) => table !== ''))(
    'says what matches, and what does not: $yaml',
    ({ yaml, rows, table }) => {
      expect(rows).toHaveLength(table.trimEnd().split('\n').length);
      const [rule] = resolvedPolicy(completed(yaml)).rules;
      for (const [, conversation = '', matches = ''] of rows) {
        const facts = factsFrom(parse(conversation) as JsonObject); // a map, as in every row
        expect([conversation, evaluate(rule!.when, facts, testNow)]).toEqual([conversation, truths[matches]]);
      }
    },
  );

  it('shows three-valued logic as it is', () => {
    const words = '(true|unknown|false)';
    const rows = [...page.matchAll(new RegExp(`^\\| ${Array(5).fill(words).join(' \\| ')} \\|$`, 'gm'))];
    expect(rows).toHaveLength(6);
    for (const [, ...cells] of rows) {
      const [a, b, both, either, opposite] = cells as Truth[]; // by the pattern
      expect([every([a!, b!]), some([a!, b!]), not(a!)]).toEqual([both, either, opposite]);
    }
  });

  it('counts durations back as the code does', () => {
    const rows = [...page.matchAll(/^\| (\d{4}-\S+Z) \| `(\w+)` \| (\S+Z) \|$/gm)];
    expect(rows).toHaveLength(7);
    for (const [, now = '', back = '', result = ''] of rows) {
      expect(toIso(subtractDuration(instantFromIso(now), parseDuration(back)!))).toBe(
        toIso(instantFromIso(result)),
      );
    }
  });

  it('describes every key of a condition, a rule, and the settings', () => {
    const keys = [
      ...new Set(
        [...fileText('policy.schema.json').matchAll(/^ +"(\w+)": \{$/gm)].map(([, key = '']) => key),
      ),
    ];
    const notKeys = [
      'properties',
      'items',
      'definitions',
      'condition',
      'propertyNames',
      'additionalProperties',
    ];
    const undescribed = keys.filter(
      (key) => !notKeys.includes(key) && !new RegExp(`\\b${key}\\b`).test(page),
    );
    expect(undescribed).toEqual([]);
  });
});

describe('retention.example.yaml', () => {
  it('is a valid policy in observe mode', () => {
    expect(parsePolicy(fileText('retention.example.yaml'))).toMatchObject({
      ok: true,
      policy: { mode: 'observe' },
    });
  });
});

/** Facts in the words of the policy; what is not said is unknown. */
function factsFrom(words: JsonObject): Facts {
  const at = (key: string) => (typeof words[key] === 'string' ? instantFromIso(words[key]) : undefined);
  const idIn = (entries: readonly { readonly id: string; readonly name: string }[], name: unknown) =>
    entries.find((entry) => entry.name === name)?.id ?? name;
  const ai = words['ai'] as JsonObject | undefined; // a map where it is there
  const tags = words['tags'] as string[] | undefined; // a list where it is there
  return factsOf({
    state: words['state'],
    createdAt: at('created'),
    updatedAt: at('last_activity'),
    lastContactReplyAt: at('last_contact_reply'),
    lastAdminReplyAt: at('last_admin_reply'),
    lastClosedAt: at('last_closed'),
    waitingSinceAt: at('waiting_since'),
    tagIds: tags?.map((name) => idIn(testDirectory.tags, name)),
    teamId: idIn(testDirectory.teams, words['team']),
    assigneeId: idIn(testDirectory.admins, words['assignee']),
    channel: words['channel'],
    initiatedBy: words['initiated_by'],
    authorType: words['author_type'],
    priority: words['priority'],
    read: words['read'],
    rating: words['rating'],
    contactIds: words['contact'],
    companyId: words['company'],
    attributes: words['attributes'],
    aiParticipated: ai?.['participated'],
    aiResolution: ai?.['resolution'],
    parts: words['parts'],
  } as Partial<Facts>); // the page's own examples
}
