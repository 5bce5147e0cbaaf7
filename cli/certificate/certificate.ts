import * as z from 'zod';
import { conversationStates } from '#policy/facts.ts';
import { toCanonicalJson } from '#policy/policy-hash.ts';
import { runTriggers } from '#sweep/outcome.ts';

/**
 * One more with every change of what a certificate of the same records says or looks like: its parts, its words, its page. A layout of
 * which there are certificates keeps its code, since they are verified by it; `test/golden` has some of each. The first neither says
 * what was sealed late nor connects names with ids.
 */
export const certificateLayouts = [
  'intercom-retention/certificate/1',
  'intercom-retention/certificate/2',
] as const;
export type CertificateLayout = (typeof certificateLayouts)[number];
/** Of the certificates that are made today. */
export const certificateLayout = 'intercom-retention/certificate/2' satisfies CertificateLayout;

/** What a record is to the certificate: its kind, but for the act, which is an approval. */
export const certifiedRoles = [
  'approval',
  'plan',
  'plan_chunk',
  'intent',
  'outcome',
  'confirmation',
] as const;
export type CertifiedRole = (typeof certifiedRoles)[number];

const time = z.iso.datetime();
const facts = z.strictObject({
  state: z.enum(conversationStates).nullable(),
  created_at: time.nullable(),
  updated_at: time.nullable(),
  tag_ids: z.array(z.string()).nullable(),
  team_id: z.string().nullable(),
  has_ticket: z.boolean().nullable(),
});
export type CertifiedFacts = Readonly<z.output<typeof facts>>;

const claimsOfFirstLayout = z.strictObject({
  workspace_id: z.string(),
  workspace_name: z.string(),
  conversation_id: z.string(),
  /** `answer`: Intercom answered the DELETE with `deleted`. `deleted_list`: the answer was lost, and Intercom's list names it. */
  deleted_by_word_of: z.enum(['answer', 'deleted_list']),
  /** Intercom's own time once it has confirmed; until then when its answer came. */
  deleted_at: time,
  rule: z.strictObject({
    id: z.string(),
    description: z.string().nullable(),
    legal_basis: z.string().nullable(),
    condition: z.array(z.strictObject({ depth: z.int(), text: z.string() })),
    /** Protections that do not stop this rule. */
    despite: z.array(z.string()),
    /** Facts that the rule looks at and the audit does not keep. */
    facts_not_kept: z.array(z.string()),
  }),
  policy_hash: z.string(),
  facts: z.strictObject({
    /** When the conversation was read for the plan. */
    read_at: time,
    planned: facts,
    /** As read once more, right before the DELETE; null when it was not, or had not changed. */
    changed_to: facts.nullable(),
  }),
  plan: z.strictObject({ plan_id: z.string(), planned_at: time }),
  /** Null when the certificate carries none. There can be one all the same, as there can be a confirmation. */
  approval: z.strictObject({ by: z.string(), at: time, covers: z.enum(['plan', 'policy']) }).nullable(),
  run: z.strictObject({ run_id: z.string(), trigger: z.enum(runTriggers) }),
  intended_at: time,
  request: z.strictObject({
    method: z.literal('DELETE'),
    path: z.string(),
    retain_metrics: z.boolean(),
    /** Null when the release that deleted did not write it down. */
    api_version: z.string().nullable(),
    attempted_at: time.nullable(),
  }),
  answer: z.strictObject({
    answered_at: time.nullable(),
    http_status: z.int().nullable(),
    intercom_request_id: z.string().nullable(),
  }),
  confirmation: z
    .strictObject({ deleted_at: time, metrics_retained: z.boolean(), confirmed_at: time })
    .nullable(),
});
const day = z.iso.date();
const namedIds = z.array(z.strictObject({ name: z.string(), id: z.string() }));
const claimsSchema = claimsOfFirstLayout.extend({
  /** What names of the policy stood for when it was planned: those that the rule uses, and those of ids among the facts. */
  names: z.strictObject({ tags: namedIds, teams: namedIds }),
  /** The records that are not in the seal of their own day, but in a later one. */
  sealed_late: z.array(z.strictObject({ role: z.enum(certifiedRoles), recorded_on: day, seal_day: day })),
});
/** What is claimed by certificates that are made today. */
export type WholeClaims = Readonly<z.output<typeof claimsSchema>>;
/** What a certificate of any layout says. Every word of it follows from the records. */
export type Claims = Omit<WholeClaims, 'names' | 'sealed_late'> &
  Partial<Pick<WholeClaims, 'names' | 'sealed_late'>>;

const recordSchema = z.strictObject({
  role: z.enum(certifiedRoles),
  recorded_at: time,
  /** The day whose seal holds the record: the day of the record, or a later one when it was late. */
  seal_day: z.string(),
  /** Place in the tree of that seal, from 0. */
  leaf_index: z.int().min(0),
  /** SHA-256 of a zero byte and the document's canonical JSON; hexadecimal, in lower case. */
  leaf_hash: z.string(),
  /** RFC 6962 inclusion proof, base64. */
  proof: z.array(z.string()),
  document: z.record(z.string(), z.unknown()).refine((document) => isNestedAtMost(mostLevels, document)),
});
export type CertifiedRecord = Readonly<z.output<typeof recordSchema>>;

/** More than any record has, and few enough to be walked through. */
const mostLevels = 64;

const isNestedAtMost = (levels: number, value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((each) => isNestedAtMost(levels - 1, each)));

/** JSON can write what RFC 8785 refuses: half of a surrogate pair, a number beyond all numbers. */
function hasCanonicalForm(value: unknown): boolean {
  try {
    toCanonicalJson(value);
    return true;
  } catch {
    return false;
  }
}

/** The document with its members in the order of RFC 8785, as far as JSON can be kept in an order. */
export const inCanonicalOrder = (document: CertifiedRecord['document']): CertifiedRecord['document'] =>
  JSON.parse(toCanonicalJson(document)) as CertifiedRecord['document']; // the same, in another order

/** A hash does not see the order of members, and a reader does. */
const isInOrder = ({ document }: CertifiedRecord): boolean =>
  hasCanonicalForm(document) && JSON.stringify(document) === JSON.stringify(inCanonicalOrder(document));

const isWrittenAsHere = (iso: string): boolean => {
  const ms = Date.parse(iso);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === iso;
};

const proof = {
  records: z.array(recordSchema),
  seals: z.array(z.strictObject({ day: z.string(), note: z.string() })),
  public_keys: z.array(z.strictObject({ key_id: z.string(), pem: z.string() })),
  /** Not part of what is proven, so that nothing fits in here but a time and the number of a version. */
  issued: z.strictObject({
    at: time.refine(isWrittenAsHere),
    by: z.string().regex(/^intercom-retention \d{1,4}\.\d{1,4}\.\d{1,4}$/),
  }),
};
const certificateSchema = z
  .discriminatedUnion('layout', [
    z.strictObject({ layout: z.literal(certificateLayouts[0]), claims: claimsOfFirstLayout, ...proof }),
    z.strictObject({
      layout: z.literal(certificateLayouts[1]),
      claims: claimsSchema,
      ...proof,
      records: z.array(recordSchema.refine(isInOrder)),
    }),
  ])
  .refine(hasCanonicalForm);
export type Certificate = Readonly<
  Omit<z.output<typeof certificateSchema>, 'claims'> & { readonly claims: Claims }
>;

/** The one text of a certificate. */
export const certificateText = (certificate: Certificate): string =>
  `${JSON.stringify(certificate, undefined, 2)}\n`;

/**
 * Undefined when the text is no certificate, and also when it is written in any other way than this tool's: what reads the same
 * to a program could read differently to a person.
 */
export function parseCertificate(text: string): Certificate | undefined {
  const certificate = readCertificateJson(text);
  return certificate !== undefined && certificateText(certificate) === text ? certificate : undefined;
}

/** The same, however it is written. */
export function readCertificateJson(text: string): Certificate | undefined {
  try {
    return certificateSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // no JSON
  }
}
