import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyDiff } from '#cli/policy-diff/policy-diff.ts';
import { policyDiffMarkdown } from '#cli/policy-diff/policy-diff-markdown.ts';
import { brandId, type ConversationId, type RuleId, type TagId } from '#policy/ids.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import { policyChanges } from '#policy/policy-changes.ts';
import { aPlan } from '#support/audit-builders.ts';
import { factsOf, testNow } from '#support/facts.ts';
import { tallyComparison } from '#sweep/comparison-tally.ts';
import { toAuditFacts } from '#sweep/plan-draft.ts';

function compared(document: object) {
  const parse = parsePolicy(JSON.stringify({ version: 1, workspace: 'a86dr8yl', rules: [], ...document }));
  if (!parse.ok) throw new Error(JSON.stringify(parse.problems));
  return { path: 'policy.yaml', failedTests: 0, ...parse };
}

interface DiffOptions {
  readonly before?: object;
  readonly after?: object;
  readonly conversations?: number;
  readonly sample?: number;
  readonly tag?: string;
}

/** All conversations are newly caught, by as many rules as the new policy has. */
function diffOf({
  before = {},
  after = {},
  conversations = 0,
  sample = 10,
  tag = 'vip',
}: DiffOptions): PolicyDiff {
  const [old, changed] = [compared(before), compared(after)];
  const tally = tallyComparison(sample);
  const ids = changed.policy.rules.map(({ id }) => id);
  for (let at = 0; at < conversations; at += 1) {
    tally.add({
      conversationId: brandId<ConversationId>(String(215_470_000_000_000 + at)),
      before: { kind: 'keep', reason: { code: 'no_rule_matched' } },
      after: {
        kind: 'delete',
        ruleId: ids[at % ids.length] ?? brandId<RuleId>('gone'),
        retainMetrics: at % 2 === 0,
      },
      facts: toAuditFacts(factsOf({ tagIds: [brandId<TagId>('7001')] })),
    });
  }
  return {
    old,
    new: changed,
    on: 'schedule',
    asOf: testNow,
    counts: tally.counts,
    changes: policyChanges(old, changed),
    source: { kind: 'plan', plan: aPlan(), madeBy: 'neither' },
    names: { tags: [{ id: brandId('7001'), name: tag }], teams: [] },
  };
}

const rule = (id: string, more: object = {}) => ({
  id,
  when: { state: 'closed' },
  retain_metrics: true,
  ...more,
});

describe('policyDiffMarkdown', () => {
  it('fits into a comment of 65,536 characters, whatever the policies hold', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('|', '`', '*', '<', '@', '\n', 'a', '漢', '&', '#', '['),
      minLength: 1,
      maxLength: 400,
    });
    const rules = fc.array(nasty, { maxLength: 60 }).map((texts) =>
      texts.map((text, index) =>
        rule(`rule-${index}-${'x'.repeat(50)}`, {
          description: text,
          when: { channel: text },
          retain_metrics: false,
          despite: ['open'],
        }),
      ),
    );
    fc.assert(
      fc.property(rules, rules, fc.array(nasty, { maxLength: 40 }), nasty, (before, after, tags, tag) => {
        const diff = diffOf({
          before: { rules: before, protect: { tags } },
          after: { rules: after },
          conversations: 2000,
          sample: 1000,
          tag,
        });
        const markdown = policyDiffMarkdown(diff);
        expect(markdown.length).toBeLessThan(65_536);
        expect(markdown).toMatch(
          /^## Of the .* of a plan \(and of nothing beyond it\), this change would delete 2,000 more conversations and spare none\n/,
        );
        expect(markdown.match(/<details>/g)).toHaveLength(1);
        expect(markdown.match(/<\/details>/g)).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });

  it('says how many of the samples and rows it has left out', () => {
    const many = Array.from({ length: 45 }, (_, index) => rule(`rule-${index}`));
    const markdown = policyDiffMarkdown(
      diffOf({ after: { rules: many }, conversations: 5000, sample: 1000 }),
    );
    const [, shown = ''] = /<summary>Newly caught: (\d+) of 5,000<\/summary>/.exec(markdown) ?? [];
    expect(Number(shown)).toBeGreaterThan(50);
    expect(Number(shown)).toBeLessThan(1000);
    expect(markdown.match(/^\| 215470\d+ \|/gm)).toHaveLength(Number(shown));
    expect(markdown.match(/\| … and 25 more \|/g)).toHaveLength(2); // of the rules, and of the changes
  });

  it('lets no name of a tag or rule end a cell, format, link or mention anybody', () => {
    const tag = 'a|b`c`<img>@team [x](y) *z*';
    const diff = diffOf({
      before: { protect: { tags: [tag] } },
      after: { rules: [rule('one')] },
      conversations: 1,
      tag,
    });
    const markdown = policyDiffMarkdown(diff);
    const escaped = 'a\\|b\\`c\\`\\<img\\>@\u200bteam \\[x\\](y) \\*z\\*';
    expect(markdown).toContain(`> - protect.tags: Not protected any more: ${escaped}.`);
    expect(markdown).toContain(`| ${escaped} (7001) |`);
    expect(markdown).toContain('| `protect.tags` | `["a\\|b\'c\'<img>@team [x](y) *z*"]` | `[]` |');
  });

  it('warns of nothing where there is nothing to warn of', () => {
    expect(policyDiffMarkdown(diffOf({}))).not.toContain('[!WARNING]');
  });
});
