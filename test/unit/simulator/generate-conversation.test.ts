import { describe, expect, it } from 'vitest';
import { generateConversations } from '#simulator/generate-conversation.ts';
import { renderConversation } from '#simulator/render-conversation.ts';
import { renderParts } from '#simulator/render-parts.ts';
import { staffOf } from '#simulator/staff.ts';

const staff = staffOf({});
const now = 1_768_478_400;
const generated = [...generateConversations({ seed: 3, count: 4000, years: 5, now, staff })];

const share = (condition: (conversation: (typeof generated)[number]) => boolean) =>
  generated.filter(condition).length / generated.length;

describe('generateConversations', () => {
  it('gives every conversation its own id', () => {
    expect(new Set(generated.map(({ id }) => id)).size).toBe(4000);
  });

  it('spreads them over the years asked for, oldest first, more of them later', () => {
    const created = generated.map(({ createdAt }) => createdAt);
    expect(created).toEqual(created.toSorted((left, right) => left - right));
    expect(now - created[0]!).toBeGreaterThan(4.9 * 365 * 86_400);
    expect(now - created[0]!).toBeLessThanOrEqual(5 * 365 * 86_400);
    expect(share(({ createdAt }) => createdAt > now - 365 * 86_400)).toBeGreaterThan(0.25);
  });

  it('keeps every time in its natural order: created, replied, closed, changed, now', () => {
    for (const { createdAt, updatedAt, waitingSince, snoozedUntil, state, rating, statistics } of generated) {
      const within = (moment: number | null | undefined) =>
        moment == null || (createdAt <= moment && moment <= updatedAt && updatedAt <= now);
      const times = Object.entries(statistics ?? {}).filter(([name]) => name.endsWith('_at'));
      expect(times.every(([, moment]) => within(moment as number | null))).toBe(true);
      expect([waitingSince, rating?.requestedAt, rating?.repliedAt].every(within)).toBe(true);
      expect(updatedAt >= createdAt && updatedAt <= now).toBe(true);
      expect(snoozedUntil !== null).toBe(state === 'snoozed');
      if (waitingSince !== null) expect(state).toBe('open');
      if (statistics?.first_close_at != null)
        expect(statistics.last_close_at).toBeGreaterThanOrEqual(statistics.first_close_at);
      if (state === 'closed' && statistics !== null) expect(statistics.last_close_at).not.toBeNull();
    }
  });

  it('has something of everything that a rule may look at', () => {
    const shares = {
      closed: share(({ state }) => state === 'closed'),
      open: share(({ state }) => state === 'open'),
      snoozed: share(({ state }) => state === 'snoozed'),
      unassigned: share(({ adminId }) => adminId === 0),
      withoutTeam: share(({ teamId }) => teamId === 0),
      tagged: share(({ tags }) => tags.length > 0),
      rated: share(({ rating }) => rating !== null),
      withoutStatistics: share(({ statistics }) => statistics === null),
      tickets: share(({ ticketId }) => ticketId !== 0),
      linked: share(({ linked }) => linked.length > 0),
      companies: share(({ companyNumber }) => companyNumber !== 0),
      answeredByAi: share(({ aiAgent }) => aiAgent !== null),
    };
    for (const [name, value] of Object.entries(shares)) {
      expect([name, value > 0.01 && value < 0.98]).toEqual([name, true]);
    }
    expect(shares.closed).toBeGreaterThan(0.7);
  });

  it('puts the first tags on many conversations and the last on few', () => {
    const counts = staff.tags.map(
      ({ id }) => generated.filter(({ tags }) => tags.some((tag) => tag.id === id)).length,
    );
    expect(counts[0]).toBeGreaterThan(10 * (counts.at(-1) ?? 0));
  });
});

describe('personal fields', () => {
  it('carry the marker wherever a text, a name or an address of a customer is served', () => {
    const personal = ['body', 'subject', 'remark', 'title', 'email', 'rating_remark', 'delivery_note'];
    const context = { workspaceId: 'w', staff };
    for (const conversation of generated.slice(0, 500)) {
      const json = {
        ...renderConversation(conversation, context),
        parts: renderParts(conversation, context),
      };
      const unmarked: string[] = [];
      JSON.stringify(json, (name, value: unknown) => {
        if (typeof value !== 'string' || !personal.includes(name)) return value;
        const isStaff = /^(teammate|operator|deleted)[-@]/.test(value);
        if (value !== '' && !isStaff && !value.includes('PERSONAL')) unmarked.push(`${name}: ${value}`);
        return value;
      });
      expect(unmarked).toEqual([]);
    }
  });
});
