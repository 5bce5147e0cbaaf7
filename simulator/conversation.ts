/** What the simulator keeps of a conversation. Texts, names and addresses are not kept: they follow from the ids. */
export interface Conversation {
  /** A number below 2^53; a string on the wire. */
  readonly id: number;
  /** All times are UNIX seconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly waitingSince: number | null;
  readonly snoozedUntil: number | null;
  readonly state: ConversationState;
  readonly read: boolean;
  readonly priority: Priority;
  /** 0: unassigned. */
  readonly adminId: number;
  /** 0: unassigned. */
  readonly teamId: number;
  /** 0: none. */
  readonly companyNumber: number;
  readonly tags: readonly Tag[];
  readonly contactNumbers: readonly number[];
  readonly teammateIds: readonly number[];
  readonly sourceType: string;
  readonly deliveredAs: string;
  readonly authorType: 'user' | 'lead' | 'admin' | 'bot';
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** 0: not a ticket. */
  readonly ticketId: number;
  readonly linked: readonly LinkedObject[];
  readonly rating: Rating | null;
  readonly aiAgent: AiAgent | null;
  readonly statistics: Statistics | null;
  /**
   * Whether list and search show this snapshot. Snapshots are otherwise immutable: a change makes a new one. The flag belongs to
   * the index alone, and spares it a set of a million entries.
   */
  listed: boolean;
}

export type ConversationState = 'open' | 'closed' | 'snoozed';
export type Priority = 'none' | 'low' | 'medium' | 'high' | 'urgent';
export type AttributeValue = string | number | boolean | null;

export interface Tag {
  readonly id: string;
  readonly name: string;
}

export interface LinkedObject {
  readonly type: 'ticket' | 'conversation';
  readonly id: string;
  readonly category: 'Customer' | 'Back-office' | 'Tracker' | null;
}

export interface Rating {
  /** 1 to 5. */
  readonly score: number;
  readonly requestedAt: number;
  readonly repliedAt: number;
  readonly contactNumber: number;
  readonly adminId: number;
}

export interface AiAgent {
  readonly sourceType: string;
  readonly lastAnswerType: 'ai_answer' | 'custom_answer' | null;
  readonly resolutionState: string | null;
  readonly rating: number | null;
  readonly ratedAt: number | null;
}

/** In Intercom's own names, so that rendering is copying. Durations are seconds. */
export interface Statistics {
  readonly type: 'conversation_statistics';
  readonly time_to_assignment: number | null;
  readonly time_to_admin_reply: number | null;
  readonly time_to_first_close: number | null;
  readonly time_to_last_close: number | null;
  readonly median_time_to_reply: number | null;
  readonly first_contact_reply_at: number | null;
  readonly first_assignment_at: number | null;
  readonly first_admin_reply_at: number | null;
  readonly first_close_at: number | null;
  readonly last_assignment_at: number | null;
  readonly last_assignment_admin_reply_at: number | null;
  readonly last_contact_reply_at: number | null;
  readonly last_admin_reply_at: number | null;
  readonly last_close_at: number | null;
  readonly last_closed_by_id: string | null;
  readonly count_reopens: number;
  readonly count_assignments: number;
  readonly count_conversation_parts: number;
}
