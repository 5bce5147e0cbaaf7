import type { ConversationId } from '#policy/ids.ts';
import type { KeepReason } from '#policy/keep-reason.ts';
import type { Hold } from './hold.ts';

/** A conversation of the contact that an erasure leaves where it is. */
export interface KeptConversation {
  readonly conversationId: ConversationId;
  readonly reason: 'held' | 'protected' | 'unknown_fact';
  /** The matter of the hold, the protection, or the facts that are unknown. */
  readonly detail: string;
}

type Reason = Omit<KeptConversation, 'conversationId'>;

export const keptByHold = ({ matter }: Hold): Reason => ({ reason: 'held', detail: matter });

/** Undefined for a conversation of somebody else. */
export function keptByVerdict(reason: KeepReason): Reason | undefined {
  switch (reason.code) {
    case 'no_rule_matched':
      return undefined;
    case 'unknown_fact':
      return { reason: 'unknown_fact', detail: reason.facts.join(', ') };
    case 'protected':
      return { reason: 'protected', detail: reason.unknown ? `${reason.by} (unknown)` : reason.by };
  }
}
