declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** `app.id_code` of `GET /me`; the `app_id` of webhooks. */
export type WorkspaceId = Branded<'WorkspaceId'>;
/** Intercom's conversation id. A large number, kept as the string that Intercom sends. */
export type ConversationId = Branded<'ConversationId'>;
export type ContactId = Branded<'ContactId'>;
export type CompanyId = Branded<'CompanyId'>;
export type TagId = Branded<'TagId'>;
export type TeamId = Branded<'TeamId'>;
export type AdminId = Branded<'AdminId'>;
/** `id` of a rule in the policy file; unique in it. */
export type RuleId = Branded<'RuleId'>;
/** Lower-case hex SHA-256 of the policy's canonical JSON (RFC 8785). */
export type PolicyHash = Branded<'PolicyHash'>;
/** Sorts by time of making (UUID version 7). */
export type PlanId = Branded<'PlanId'>;
/** Sorts by time of making (UUID version 7). */
export type RunId = Branded<'RunId'>;
/** Sorts by time of making (UUID version 7). */
export type ReconciliationId = Branded<'ReconciliationId'>;

/** The one place where a plain string becomes an id: callers are decoders and parsers that have checked it. */
export function brandId<Id extends string>(checked: string): Id {
  return checked as Id; // a brand exists in types only
}
