import type { Facts } from '#policy/facts.ts';
import type { Hold, HoldTarget } from './hold.ts';

/** The holds of a workspace, ready to be asked about one conversation after another. */
export interface HoldIndex {
  /** Whether there are holds that can only be checked on the contacts or the company of a conversation. */
  readonly needsContactFacts: boolean;
  /** The hold that keeps this conversation. When a fact that a hold asks for is unknown, that hold keeps it. */
  heldBy(facts: HoldFacts): Hold | undefined;
}

type HoldFacts = Pick<Facts, 'conversationId' | 'contactIds' | 'companyId' | 'tagIds'>;

export function indexHolds(holds: readonly Hold[]): HoldIndex {
  const by: Record<HoldTarget, Map<string, Hold>> = {
    conversation: new Map(),
    contact: new Map(),
    company: new Map(),
    tag: new Map(),
  };
  for (const hold of holds) by[hold.target].set(hold.targetId, hold);

  const anyOf = (target: HoldTarget, ids: readonly string[] | undefined): Hold | undefined => {
    const holdsOfTarget = by[target];
    if (holdsOfTarget.size === 0) return undefined;
    if (ids === undefined) return holdsOfTarget.values().next().value;
    for (const id of ids) {
      const hold = holdsOfTarget.get(id);
      if (hold !== undefined) return hold;
    }
    return undefined;
  };

  return {
    needsContactFacts: by.contact.size > 0 || by.company.size > 0,
    heldBy: (facts) =>
      anyOf('conversation', [facts.conversationId]) ??
      anyOf('tag', facts.tagIds) ??
      anyOf('contact', facts.contactIds) ??
      anyOf('company', companyIds(facts)),
  };
}

function companyIds({ companyId }: HoldFacts): readonly string[] | undefined {
  if (companyId === undefined) return undefined;
  return companyId === 'none' ? [] : [companyId];
}
