import { type Erasure, erasurePolicy } from '#policy/erasure-policy.ts';
import { brandId, type ContactId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import { ConfigurationError } from './errors.ts';
import { identify } from './identify.ts';
import { makePlan } from './make-plan.ts';
import { isPlainText, plainTextHelp } from './plain-text.ts';
import type { NamedContact } from './ports.ts';
import { assertNotInTheWay } from './run-in-the-way.ts';
import type { PlanRecord } from './run-record.ts';
import type { SweepDeps, SweepRequest } from './sweep-deps.ts';

/** A person's wish that the conversations of one contact be erased. */
export interface ErasureRequest {
  readonly contact: NamedContact;
  readonly retainMetrics: boolean;
  /** Why, for the audit: no personal data. */
  readonly reason: string;
  /** The login or role of the person who asks for it. */
  readonly by: string;
}

/**
 * Finds the contact, writes down who wants it erased and why, and plans its conversations. Sends Intercom no write call.
 * What the contact was named by is used for the look-up and kept nowhere.
 * @param own of the workspace's own policy
 * @returns the plan with what stays by name; `planning` when it was stopped before it was complete.
 * @throws ConfigurationError when Intercom knows no such contact, or several, or the reason may not be kept; OutsideError when
 * a run is in the way.
 */
export async function planErasure(
  deps: SweepDeps,
  own: SweepRequest,
  { contact, retainMetrics, reason, by }: ErasureRequest,
): Promise<PlanRecord> {
  if (!isPlainText(reason)) {
    throw new ConfigurationError(`The reason stays in the audit for good; give ${plainTextHelp}.`);
  }
  const { workspaceId } = await identify(deps.intercom, own.policy);
  const contactId = await findContact(deps, contact);
  const request = toErasureRequest(own, { contactId, retainMetrics });
  const unfinished = await deps.state.readUnfinishedRun(workspaceId);
  if (unfinished !== undefined) assertNotInTheWay(request, unfinished);
  await deps.audit.putAct({
    workspaceId,
    kind: 'erasure_requested',
    at: deps.clock.now(),
    by,
    subject: `contact ${contactId}`,
    details: { reason, retain_metrics: String(retainMetrics) },
  });
  return makePlan(deps, request);
}

/**
 * The request under which a stored plan is carried out. An erasure's policy is derived anew from the workspace's own, so that
 * a plan whose workspace has changed its limits, protections or mode since is refused like any other.
 */
export const requestFor = ({ erasure }: Pick<PlanRecord, 'erasure'>, own: SweepRequest): SweepRequest =>
  erasure === undefined ? own : toErasureRequest(own, erasure);

function toErasureRequest(own: SweepRequest, { contactId, retainMetrics }: Erasure): SweepRequest {
  const erasure: Erasure = { contactId, retainMetrics };
  const { policy, hash, canonicalJson } = erasurePolicy(own.policyJson, erasure);
  return { ...own, policy, policyHash: hash, policyJson: canonicalJson, trigger: 'erasure', erasure };
}

const words = {
  id: 'this id',
  email: 'this e-mail address',
  external_id: 'this external id',
} as const satisfies Record<NamedContact['by'], string>;

async function findContact(deps: SweepDeps, contact: NamedContact): Promise<ContactId> {
  const found = await deps.intercom.findContacts(contact);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined) {
    throw new ConfigurationError(
      `${found.length} contacts have ${words[contact.by]}; name the one that is meant with --contact: ${found.join(', ')}.`,
    );
  }
  // A contact that was deleted leaves conversations behind when Intercom did not delete them with it.
  const formerId = contact.by === 'id' ? brandId<ContactId>(contact.value) : undefined;
  if (formerId !== undefined && (await hasConversations(deps, formerId))) return formerId;
  throw new ConfigurationError(
    `Intercom knows no contact by ${words[contact.by]}${formerId === undefined ? '' : ', and no conversation of one'}; check it.`,
  );
}

async function hasConversations({ intercom, clock }: SweepDeps, contactId: ContactId): Promise<boolean> {
  const asOf = clock.now();
  const count = await intercom.count({
    when: { kind: 'contact', choice: { negated: false, values: [contactId] } },
    asOf,
    createdFrom: instantFromMs(0),
    createdUntil: asOf,
  });
  return count !== 0; // when Intercom does not say, the plan will
}
