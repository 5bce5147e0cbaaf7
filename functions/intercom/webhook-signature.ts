import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { WorkspaceId } from '#policy/ids.ts';

/** The header that carries the signature, `sha1=` and 40 lower-case hex digits. By lower-case name. */
export const signatureHeader = 'x-hub-signature';

/**
 * The workspaces whose client secret signed these bytes; none for a forgery. More than one when the same app, and so the
 * same secret, is installed in several.
 *
 * The notification names its workspace itself, but it would have to be parsed for that before anything vouches for it. So
 * every configured secret is tried on the raw bytes, and the caller then requires that the workspace named inside is one
 * of those found here: nothing unverified is ever parsed, and no workspace's secret vouches for another workspace.
 *
 * Takes the same time whichever secret fits and however much of a forgery is right.
 *
 * Source: https://developers.intercom.com/docs/references/webhooks/webhook-models ("Signed notifications").
 */
export function signingWorkspaces(
  clientSecrets: ReadonlyMap<WorkspaceId, string>,
  body: Uint8Array,
  signature: string,
): ReadonlySet<WorkspaceId> {
  const given = digest(signature);
  const verdicts = [...clientSecrets].map(([workspaceId, clientSecret]) => ({
    workspaceId,
    fits: timingSafeEqual(given, digest(sign(body, clientSecret))),
  }));
  return new Set(verdicts.filter(({ fits }) => fits).map(({ workspaceId }) => workspaceId));
}

const sign = (body: Uint8Array, clientSecret: string): string =>
  `sha1=${createHmac('sha1', clientSecret).update(body).digest('hex')}`;

/** `timingSafeEqual` wants equal lengths, and what a stranger sends has any: so digests are compared, not the texts. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
