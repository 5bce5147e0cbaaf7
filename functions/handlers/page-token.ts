import { createHash } from 'node:crypto';
import { brandId, type ConversationId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import type { OutcomePosition } from '#sweep/outcome.ts';
import type { OutcomeFilter } from '#sweep/ports.ts';
import { idAt, parseJson, valueAt } from '#sweep/read-json.ts';

/** What a token belongs to: it goes on with this query and no other. */
export interface TokenScope {
  readonly workspaceId: WorkspaceId;
  readonly filter: Omit<OutcomeFilter, 'after'>;
}

const version = '1';

/** A place in a query, for the caller to come back with. Says nothing that the page before it did not say. */
export function toPageToken(scope: TokenScope, { recordedAt, conversationId }: OutcomePosition): string {
  const place = Buffer.from(JSON.stringify({ at: recordedAt, id: conversationId })).toString('base64url');
  return [version, place, sumOf(scope, place)].join('.');
}

/**
 * The place that a token names; undefined for a token of another version or query, or one that was changed. The sum finds
 * mistakes and is no secret: a token grants nothing, since its bearer may read all of this workspace's audit anyway.
 */
export function readPageToken(scope: TokenScope, token: string): OutcomePosition | undefined {
  const [itsVersion, place = '', sum, ...more] = token.split('.');
  if (itsVersion !== version || more.length > 0 || sum !== sumOf(scope, place)) return undefined;
  const json = parseJson(Buffer.from(place, 'base64url').toString());
  const at = valueAt(json, 'at');
  const id = idAt(json, 'id');
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || id === undefined) return undefined;
  return { recordedAt: instantFromMs(at), conversationId: brandId<ConversationId>(id) };
}

function sumOf({ workspaceId, filter }: TokenScope, place: string): string {
  const asked = Object.entries(filter).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([version, workspaceId, asked, place]))
    .digest('base64url')
    .slice(0, 22);
}
