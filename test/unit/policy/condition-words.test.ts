import { describe, expect, it } from 'vitest';
import { conditionWords } from '#policy/condition-words.ts';
import { instantFromIso } from '#policy/instant.ts';
import { parsePolicy } from '#policy/parse-policy.ts';

const asOf = instantFromIso('2026-11-21T12:00:00.000Z');

/** The lines for the `when` of a rule, two blanks a depth. */
function wordsFor(when: object): readonly string[] {
  const document = { version: 1, workspace: 'w', rules: [{ id: 'r', when, retain_metrics: true }] };
  const parsed = parsePolicy(JSON.stringify(document));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return conditionWords(parsed.policy.rules[0]!.when, asOf).map(
    ({ depth, text }) => `${'  '.repeat(depth)}${text}`,
  );
}

describe('conditionWords', () => {
  it('gives a line for each demand, with the date that a length of time came to', () => {
    expect(
      wordsFor({ state: 'closed', last_activity: { older_than: '2y' }, team: { not: ['Finance', 'Legal'] } }),
    ).toEqual([
      'the state is “closed”',
      'the last activity was at least 2 years ago (2024-11-21 12:00:00 UTC or earlier)',
      'the assigned team is none of “Finance”, “Legal”',
    ]);
  });

  it('puts what belongs to “all”, “any” and “not” below it', () => {
    expect(
      wordsFor({
        any: [{ state: 'closed' }, { all: [{ read: true }, { not: { rating: { at_most: 2 } } }] }],
      }),
    ).toEqual([
      'at least one of these holds:',
      '  the state is “closed”',
      '  all of these hold:',
      '    the conversation has been read',
      '    this does not hold:',
      '      the rating is at most 2',
    ]);
  });

  it.each([
    [
      { created: { newer_than: '1mo' } },
      'the creation was less than 1 month ago (later than 2026-10-21 12:00:00 UTC)',
    ],
    [
      { last_closed: { after: '2020-01-01', before: '2021-01-01' } },
      'the last closing was before 2021-01-01 00:00:00 UTC and at or after 2020-01-01 00:00:00 UTC',
    ],
    [{ tags: { any: ['a', 'b'] } }, 'the conversation carries at least one of the tags “a”, “b”'],
    [
      { tags: { all: ['a'], none: ['b'] } },
      'the conversation carries every one of the tags “a” and the conversation carries none of the tags “b”',
    ],
    [{ assignee: 'unassigned' }, 'the assigned teammate is “unassigned”'],
    [{ channel: ['email', 'sms'] }, 'the channel is one of “email”, “sms”'],
    [{ initiated_by: 'automated' }, 'the way it began is “automated”'],
    [{ author_type: 'bot' }, 'the kind of author is “bot”'],
    [{ priority: { not: 'high' } }, 'the priority is not “high”'],
    [{ read: false }, 'the conversation has not been read'],
    [{ parts: { at_least: 2, at_most: 9 } }, 'the number of parts is at least 2 and at most 9'],
    [{ contact: '6762f0f3' }, 'the contact who takes part is “6762f0f3”'],
    [{ company: '667d61cc' }, 'the company is “667d61cc”'],
    [{ attributes: { Plan: 'free' } }, 'the attribute “Plan” is “free”'],
    [{ attributes: { Seats: { not: [1, 2] } } }, 'the attribute “Seats” is none of 1, 2'],
    [{ ai: { participated: true } }, 'the AI agent took part'],
    [{ ai: { resolution: 'escalated' } }, 'the AI agent’s resolution is “escalated”'],
  ])('says %j as a sentence', (when, words) => {
    expect(wordsFor(when)).toEqual([words]);
  });
});
