import { subtractDuration } from './duration.ts';
import type { Facts } from './facts.ts';
import type { Instant } from './instant.ts';
import type { ById, Protection, Protections } from './policy.ts';
import { not, type Truth, truthOf } from './truth.ts';

/** Whether a protection covers a conversation. One of which that is unknown covers it too. */
export interface ProtectionTruth {
  readonly protection: Protection;
  readonly covers: Truth;
}

/** Every protection, those that no rule can set aside first. */
export function protectionsOf(
  protect: Protections<ById>,
  facts: Facts,
  now: Instant,
): readonly ProtectionTruth[] {
  return [
    { protection: 'tags', covers: isOneOf(protect.tags, facts.tagIds) },
    {
      protection: 'teams',
      covers: isOneOf(protect.teams, facts.teamId === undefined ? undefined : [facts.teamId]),
    },
    { protection: 'open', covers: protect.open ? isOpen(facts) : 'false' },
    { protection: 'tickets', covers: protect.tickets ? isTicket(facts) : 'false' },
    { protection: 'minimum_age', covers: isYoung(protect, facts, now) },
  ];
}

function isOneOf<Id>(isProtected: readonly Id[], ids: readonly (Id | 'unassigned')[] | undefined): Truth {
  if (isProtected.length === 0) return 'false';
  return ids === undefined ? 'unknown' : truthOf(isProtected.some((id) => ids.includes(id)));
}

/** Snoozed is open too: it will come back to a teammate. */
const isOpen = ({ state }: Facts): Truth => (state === undefined ? 'unknown' : truthOf(state !== 'closed'));

const isTicket = ({ hasTicket }: Facts): Truth => (hasTicket === undefined ? 'unknown' : truthOf(hasTicket));

function isYoung({ minimumAge }: Protections<ById>, { updatedAt }: Facts, now: Instant): Truth {
  if (updatedAt === undefined) return 'unknown';
  return not(truthOf(updatedAt <= subtractDuration(now, minimumAge)));
}

/** The facts without which a conversation is never deleted, whatever its rule sets aside. */
export function unknownEssentials({ state, createdAt, updatedAt }: Facts): readonly string[] {
  const essentials = { state, created: createdAt, last_activity: updatedAt };
  return Object.entries(essentials).flatMap(([name, fact]) => (fact === undefined ? [name] : []));
}
