import { demandText, factText, known, listText, nameOf, timeText } from './clause-text.ts';
import type { Directory } from './directory.ts';
import { formatDuration, subtractDuration } from './duration.ts';
import { evaluate } from './evaluate.ts';
import type { Facts } from './facts.ts';
import type { ConversationId, RuleId } from './ids.ts';
import { type Instant, toIso } from './instant.ts';
import type { KeepReason } from './keep-reason.ts';
import type {
  ById,
  Condition,
  OverridableProtection,
  Protection,
  Protections,
  ResolvedPolicy,
} from './policy.ts';
import { protectionsOf } from './protections.ts';
import type { Truth } from './truth.ts';
import { verdict } from './verdict.ts';

/** How a policy comes to its verdict on one conversation. Plain data, fit for JSON, with nothing personal in it. */
export interface Explanation {
  readonly conversationId: ConversationId;
  /** ISO 8601 UTC: the instant from which durations count back. */
  readonly asOf: string;
  readonly rules: readonly RuleExplanation[];
  readonly protections: readonly ProtectionExplanation[];
  readonly verdict:
    | { readonly kind: 'delete'; readonly ruleId: RuleId; readonly retainMetrics: boolean }
    | { readonly kind: 'keep'; readonly reason: KeepReason };
}

export interface RuleExplanation {
  readonly ruleId: RuleId;
  readonly matches: Truth;
  readonly when: ConditionExplanation;
  /** The protections that do not stop this rule. */
  readonly despite: readonly OverridableProtection[];
}

export type ConditionExplanation =
  | {
      readonly kind: 'all' | 'any' | 'not';
      readonly truth: Truth;
      readonly of: readonly ConditionExplanation[];
    }
  | { readonly kind: 'clause'; readonly truth: Truth; readonly demand: string; readonly fact: string };

export interface ProtectionExplanation {
  readonly protection: Protection;
  /** `unknown` protects as `true` does. */
  readonly covers: Truth;
  readonly demand: string;
  readonly fact: string;
}

const noNames: Directory = { tags: [], teams: [], admins: [] };

/** One conversation at one instant, and the names to speak of it. */
interface Case {
  readonly facts: Facts;
  readonly now: Instant;
  readonly directory: Directory;
}

/** @param directory Where it is given, tags, teams and teammates are shown with their names beside their ids. */
export function explain(
  policy: ResolvedPolicy,
  facts: Facts,
  now: Instant,
  directory: Directory = noNames,
): Explanation {
  const judged = verdict(policy, facts, now);
  const one: Case = { facts, now, directory };
  return {
    conversationId: facts.conversationId,
    asOf: toIso(now),
    rules: policy.rules.map(({ id, when, despite }) => ({
      ruleId: id,
      matches: evaluate(when, facts, now),
      when: explainCondition(when, one),
      despite,
    })),
    protections: protectionsOf(policy.protect, facts, now).map(({ protection, covers }) => ({
      protection,
      covers,
      ...protectionText(protection, policy.protect, one),
    })),
    verdict:
      judged.kind === 'delete'
        ? { kind: 'delete', ruleId: judged.rule.id, retainMetrics: judged.rule.retainMetrics }
        : judged,
  };
}

function explainCondition(condition: Condition<ById>, one: Case): ConditionExplanation {
  const { facts, now, directory } = one;
  const truth = evaluate(condition, facts, now);
  if (condition.kind === 'not') return { kind: 'not', truth, of: [explainCondition(condition.of, one)] };
  if (condition.kind === 'all' || condition.kind === 'any') {
    return { kind: condition.kind, truth, of: condition.of.map((part) => explainCondition(part, one)) };
  }
  const demand = demandText(condition, now, directory);
  return { kind: 'clause', truth, demand, fact: factText(condition, facts, directory) };
}

type ProtectionText = Pick<ProtectionExplanation, 'demand' | 'fact'>;

function protectionText(
  protection: Protection,
  protect: Protections<ById>,
  { facts, now, directory }: Case,
): ProtectionText {
  switch (protection) {
    case 'tags': {
      const names = protect.tags.map((id) => nameOf(directory.tags, id));
      const demand = names.length === 0 ? 'no tag is protected' : `tags any of ${listText(names)}`;
      return { demand, fact: listText(facts.tagIds?.map((id) => nameOf(directory.tags, id))) };
    }
    case 'teams': {
      const names = protect.teams.map((id) => nameOf(directory.teams, id));
      const demand = names.length === 0 ? 'no team is protected' : `team is one of ${listText(names)}`;
      return { demand, fact: known(facts.teamId && nameOf(directory.teams, facts.teamId)) };
    }
    case 'open':
      return { demand: protect.open ? 'state is open or snoozed' : switchedOff, fact: known(facts.state) };
    case 'tickets':
      return { demand: protect.tickets ? 'has a ticket' : switchedOff, fact: known(facts.hasTicket) };
    case 'minimum_age': {
      const since = toIso(subtractDuration(now, protect.minimumAge));
      const demand = `last_activity newer_than ${formatDuration(protect.minimumAge)} (after ${since})`;
      return { demand, fact: timeText(facts.updatedAt) };
    }
  }
}

const switchedOff = 'switched off in the policy';
