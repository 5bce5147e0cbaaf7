import type { ConversationId, WorkspaceId } from '#policy/ids.ts';
import type { Hold } from '#sweep/hold.ts';
import type {
  AuditFacts,
  Confirmation,
  OutcomeKind,
  PlannedDeletion,
  QueriedOutcome,
} from '#sweep/outcome.ts';
import type { AuditTrail, RunState } from '#sweep/ports.ts';
import type { PlanRecord } from '#sweep/run-record.ts';

/** What audit and state know of one conversation. Intercom is not asked. */
export interface ConversationStatus {
  readonly workspaceId: WorkspaceId;
  readonly conversationId: ConversationId;
  readonly knownAs: OutcomeKind | 'deleted_elsewhere' | 'before_audit' | 'held' | 'planned' | 'never_seen';
  /** Oldest first. */
  readonly outcomes: readonly QueriedOutcome[];
  /** Intercom's own word that it is deleted, by whomever. */
  readonly confirmation: Confirmation | undefined;
  /** The holds that are known to be on it: its own, and those on its tags as last seen. */
  readonly holds: readonly Hold[];
  /** Holds on contacts and companies, which may be on it too: who took part is not kept. */
  readonly holdsOnPeople: number;
  /** The newest plan that waits to be applied, when it would delete the conversation. */
  readonly planned: Planned | undefined;
}

export interface Planned {
  readonly plan: PlanRecord;
  readonly deletion: PlannedDeletion;
}

export async function findStatus(
  { audit, state }: { readonly audit: AuditTrail; readonly state: RunState },
  workspaceId: WorkspaceId,
  conversationId: ConversationId,
): Promise<ConversationStatus> {
  const [outcomes, confirmations, allHolds, planned] = await Promise.all([
    audit.outcomesOfConversation(workspaceId, conversationId),
    audit.readConfirmations(workspaceId, [conversationId]),
    state.readHolds(workspaceId),
    findPlanned(audit, state, workspaceId, conversationId),
  ]);
  const facts = planned?.deletion.facts ?? outcomes.at(-1)?.outcome.facts;
  const confirmation = confirmations.get(conversationId);
  const holds = allHolds.filter((hold) => isOn(hold, conversationId, facts));
  return {
    workspaceId,
    conversationId,
    knownAs: knownAs(outcomes, confirmation, holds, planned),
    outcomes,
    confirmation,
    holds,
    holdsOnPeople: allHolds.filter(({ target }) => target === 'contact' || target === 'company').length,
    planned,
  };
}

/** Plans cannot be asked for one conversation; those that may wait are read through: the newest, and erasures. */
async function findPlanned(
  audit: AuditTrail,
  state: RunState,
  workspaceId: WorkspaceId,
  conversationId: ConversationId,
): Promise<Planned | undefined> {
  for await (const plan of state.plans(workspaceId)) {
    if (plan.status === 'planning' || plan.status === 'abandoned') continue;
    const deletion = plan.status === 'planned' ? await findIn(audit, plan, conversationId) : undefined;
    if (deletion !== undefined) return { plan, deletion };
    // An erasure does not take the place of the plans before it.
    if (plan.erasure === undefined) return undefined;
  }
  return undefined;
}

async function findIn(
  audit: AuditTrail,
  { workspaceId, planId }: PlanRecord,
  conversationId: ConversationId,
): Promise<PlannedDeletion | undefined> {
  for await (const { deletions } of audit.planChunks(workspaceId, planId)) {
    const deletion = deletions.find((each) => each.conversationId === conversationId);
    if (deletion !== undefined) return deletion;
  }
  return undefined;
}

function isOn(hold: Hold, conversationId: ConversationId, facts: AuditFacts | undefined): boolean {
  if (hold.target === 'conversation') return hold.targetId === conversationId;
  return hold.target === 'tag' && (facts?.tagIds?.some((id) => id === hold.targetId) ?? false);
}

/** The strongest thing that is known: that it is gone, then that it is held, then that it waits to go. */
function knownAs(
  outcomes: readonly QueriedOutcome[],
  confirmation: Confirmation | undefined,
  holds: readonly Hold[],
  planned: Planned | undefined,
): ConversationStatus['knownAs'] {
  const kinds = outcomes.map(({ outcome }) => outcome.outcome);
  if (kinds.includes('deleted')) return 'deleted';
  if (confirmation !== undefined) return confirmation.beforeAudit ? 'before_audit' : 'deleted_elsewhere';
  for (const gone of ['unresolved', 'not_found'] as const) {
    if (kinds.includes(gone)) return gone;
  }
  if (holds.length > 0) return 'held';
  if (planned !== undefined) return 'planned';
  return kinds.at(-1) ?? 'never_seen';
}
