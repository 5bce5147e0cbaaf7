import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '#policy/parse-policy.ts';
import { policyChanges } from '#policy/policy-changes.ts';
import { arbitraryPolicyDocument } from '#support/arbitrary-policy.ts';
import { testWords } from '#support/policy-world.ts';

const base = `version: 1
workspace: a86dr8yl
mode: observe
limits: { per_run: 100 }
protect: { minimum_age: 30d, tags: [vip, legal-hold], teams: [Legal] }
rules:
  - { id: one, when: { state: closed, created: { older_than: 2y } }, retain_metrics: true }
  - { id: two, when: { channel: sms }, retain_metrics: true }
`;

function written(text: string) {
  const parse = parsePolicy(text);
  if (!parse.ok) throw new Error(JSON.stringify(parse.problems));
  return parse;
}

/** `path: before → after (warning)`, a line for each change that the replacement makes. */
function changesOf(from: string, to: string): readonly string[] {
  expect(base).toContain(from);
  return policyChanges(written(base), written(base.replace(from, to))).map(
    ({ path, before, after, warning }) =>
      `${path}: ${before ?? '–'} → ${after ?? '–'}${warning === undefined ? '' : ` (${warning})`}`,
  );
}

describe('policyChanges', () => {
  it.each([
    [
      'mode: observe',
      'mode: delete',
      'mode: observe → delete (Until now nothing was deleted; from now on it is.)',
    ],
    ['mode: observe', 'mode: observe\napproval: standing', 'approval: each_run → standing'],
    ['mode: observe', 'mode: observe\nscan: list', 'scan: auto → list'],
    ['mode: observe', 'mode: observe\nrecheck_after: 0s', 'recheck_after: 15m → 0s'],
    ['mode: observe', 'mode: observe\npace: 12.5%', 'pace: 80% → 12.5%'],
    ['per_run: 100', 'per_run: 5000', 'limits.per_run: 100 → 5000'],
    ['per_run: 100', 'per_run: 100, per_day: 7', 'limits.per_day: 5000 → 7'],
    ['per_run: 100', 'per_run: 100, share_of_workspace: 1%', 'limits.share_of_workspace: 5% → 1%'],
    ['per_run: 100', 'per_run: 100, failures: 50%', 'limits.failures: 2% → 50%'],
    ['per_run: 100', 'per_run: 100, when_exceeded: trim', 'limits.when_exceeded: stop → trim'],
    ['minimum_age: 30d', 'minimum_age: 60d', 'protect.minimum_age: 30d → 60d'],
    [
      'minimum_age: 30d',
      'minimum_age: 29d',
      'protect.minimum_age: 30d → 29d (Younger conversations are not protected any more.)',
    ],
    [
      'minimum_age: 30d',
      'minimum_age: 30d, open: false',
      'protect.open: true → false (Open and snoozed conversations are not protected any more.)',
    ],
    [
      'minimum_age: 30d',
      'minimum_age: 30d, tickets: false',
      'protect.tickets: true → false (Tickets are not protected any more.)',
    ],
    [
      'tags: [vip, legal-hold]',
      'tags: [legal-hold, new]',
      'protect.tags: [legal-hold, vip] → [legal-hold, new] (Not protected any more: vip.)',
    ],
    [
      'tags: [vip, legal-hold]',
      'tags: [vip, legal-hold, new]',
      'protect.tags: [legal-hold, vip] → [legal-hold, new, vip]',
    ],
    [
      'tags: [vip, legal-hold]',
      'tags: ["legal-hold, vip"]',
      'protect.tags: [legal-hold, vip] → ["legal-hold, vip"] (Not protected any more: vip, legal-hold.)',
    ],
    ['teams: [Legal]', 'teams: []', 'protect.teams: [Legal] → [] (Not protected any more: Legal.)'],
    [
      'older_than: 2y',
      'older_than: 1y',
      'rules.one.when: { created: { older_than: 2y }, state: closed } → { created: { older_than: 1y }, state: closed }',
    ],
    [
      'sms }, retain_metrics: true',
      'sms }, retain_metrics: false',
      'rules.two.retain_metrics: true → false (What it deletes vanishes from reports, too.)',
    ],
    [
      'sms }, retain_metrics: true',
      'sms }, retain_metrics: true, despite: [open]',
      'rules.two.despite: [] → [open] (It now sets open aside.)',
    ],
    ['id: two', 'id: two, on: contact.deleted', 'rules.two.on: [schedule] → [contact.deleted]'],
    ['id: two', 'id: two, description: Why', 'rules.two.description: – → Why'],
    ['id: two', 'id: two, legal_basis: Art. 5', 'rules.two.legal_basis: – → Art. 5'],
  ])('tells what %s → %s changes', (from, to, change) => {
    expect(changesOf(from, to)).toEqual([change]);
  });

  it('tells of rules that come, go and change places', () => {
    const two = '  - { id: two, when: { channel: sms }, retain_metrics: true }\n';
    expect(changesOf(two, '')).toEqual(['rules.two: { channel: sms } → –']);
    expect(
      changesOf(two, `${two}${two.replace('two', 'three').replace('true', 'false, despite: [open]')}`),
    ).toEqual([
      'rules.three: – → { channel: sms } (What it deletes vanishes from reports, too. It sets open aside.)',
    ]);
    expect(changesOf('rules:\n', `rules:\n${two.replace('two', 'new')}`)).toEqual([
      'rules.new: – → { channel: sms }',
    ]);
    const swapped = base.replace(two, '').replace('rules:\n', `rules:\n${two}`);
    expect(
      policyChanges(written(base), written(swapped)).map(({ path, before, after }) => [path, before, after]),
    ).toEqual([['rules', 'one, two', 'two, one']]);
  });

  it('tells nothing of comments, order of keys, defaults written out and tests', () => {
    const test =
      'tests: [{ name: a, at: 2026-06-15, facts: { unknown: [state, created, last_activity] }, expect: { keep: { because: unknown_fact } } }]';
    expect(changesOf('mode: observe', `# why\napproval: each_run\nmode: observe\n${test}`)).toEqual([]);
  });

  it('is empty for every policy and itself, and never for two that judge differently', () => {
    const document = arbitraryPolicyDocument(testWords);
    fc.assert(
      fc.property(document, document, (one, other) => {
        const [a, b] = [written(JSON.stringify(one)), written(JSON.stringify(other))];
        expect(policyChanges(a, a)).toEqual([]);
        const isSame = policyChanges(a, b).length === 0;
        const comparable = ({ policy }: typeof a) =>
          JSON.stringify(policy, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
        if (isSame) expect(comparable(a)).toBe(comparable(b));
      }),
    );
  });
});
