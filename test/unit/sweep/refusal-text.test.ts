import { describe, expect, it } from 'vitest';
import { refusalText } from '#sweep/refusal-text.ts';
import type { Refusal } from '#sweep/run-record.ts';

const hash = 'abcdef0123456789';

describe('refusalText', () => {
  it.each<[Refusal, string]>([
    [{ code: 'observe_mode', setting: 'mode', value: 'observe', limit: 'delete' }, 'mode: delete'],
    [{ code: 'not_approved', setting: 'approval', value: null, limit: 'each_run' }, 'retention approve'],
    [{ code: 'policy_changed', setting: 'policy', value: hash, limit: hash }, 'retention plan'],
    [
      { code: 'per_run', setting: 'limits.per_run', value: 1201, limit: 1200 },
      'delete 1,201, and a run may delete 1,200',
    ],
    [{ code: 'per_day', setting: 'limits.per_day', value: 5001, limit: 5000 }, '5,001 deletions'],
    [
      { code: 'share_of_workspace', setting: 'limits.share_of_workspace', value: 51, limit: 50 },
      'delete 51 conversations',
    ],
    [
      { code: 'share_unknown_total', setting: 'limits.share_of_workspace', value: null, limit: '5%' },
      'so 5% of them',
    ],
    [
      { code: 'holds_unreadable', setting: 'STATE_TABLE', value: null, limit: null },
      'legal holds could not be read',
    ],
    [{ code: 'paused', setting: 'retention resume', value: 'complaint', limit: null }, 'paused (complaint)'],
    [{ code: 'plan_incomplete', setting: 'plan', value: 'planning', limit: 'planned' }, 'retention plan'],
    [{ code: 'plan_applied', setting: 'plan', value: 'applied', limit: 'planned' }, 'applied already'],
  ])('says in one sentence which setting refuses and what to do: %o', (refusal, words) => {
    const sentence = refusalText(refusal);
    expect(sentence).toContain(`${refusal.setting}: `);
    expect(sentence).toContain(words);
    expect(sentence).toMatch(/^[^\n]+; [^\n]+\.$/);
  });
});
