import type { WorkspaceId } from '#policy/ids.ts';
import type { Workspace } from '#sweep/ports.ts';
import { DecodeError } from './decode-error.ts';
import { asId, asObject, asText } from './wire-value.ts';

/**
 * The workspace in the answer of `GET /me`.
 * @throws DecodeError
 */
export function decodeWorkspace(wire: unknown): Workspace {
  const app = asObject(asObject(wire)?.['app']);
  const workspaceId = asId<WorkspaceId>(app?.['id_code']);
  if (workspaceId === undefined) throw new DecodeError('app.id_code', 'the id of a workspace');
  return { workspaceId, name: asText(app?.['name']) ?? workspaceId, region: asText(app?.['region']) };
}
