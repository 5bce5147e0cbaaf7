import type { Instant } from '#policy/instant.ts';

export const holdTargets = ['conversation', 'contact', 'company', 'tag'] as const;
export type HoldTarget = (typeof holdTargets)[number];

/** A legal hold: what it names is not deleted, whatever any rule says. */
export interface Hold {
  readonly target: HoldTarget;
  /** Intercom's id of the conversation, contact, company or tag. */
  readonly targetId: string;
  /** The legal matter, as the people who placed the hold call it. */
  readonly matter: string;
  /** Who answers for it: a role or a login. */
  readonly owner: string;
  readonly reason: string;
  readonly placedAt: Instant;
}
