import { nearestName } from '#policy/nearest-name.ts';
import { identify } from '#sweep/identify.ts';
import { usageError } from './cli-error.ts';
import type { CommandContext } from './command-context.ts';
import type { NamedTarget } from './hold-target.ts';
import { openIntercom } from './open-intercom.ts';
import type { PolicyFile } from './policy-file.ts';
import { intercomSettings } from './settings.ts';

/**
 * Intercom's id of what a hold is on. A tag may be given by its name, which is then looked up; a hold on a name that is
 * no id would hold nothing.
 * @throws CliError
 */
export async function resolveHoldTarget(
  context: CommandContext,
  { policy }: PolicyFile,
  { target, named }: NamedTarget,
): Promise<string> {
  if (target !== 'tag' || /^\d+$/.test(named)) return named;
  if (context.environment['INTERCOM_ACCESS_TOKEN'] === undefined) {
    throw usageError(
      `"${named}" is no tag id; give the id, or set INTERCOM_ACCESS_TOKEN so that the name can be looked up.`,
    );
  }
  const intercom = await openIntercom(context, intercomSettings(context.environment), policy);
  await identify(intercom, policy);
  const { tags } = await intercom.directory(['tags']);
  const found = tags.filter(({ name }) => name === named);
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    throw usageError(
      `${found.length} tags are called "${named}" (ids ${ids}); give the id of the one that is meant.`,
    );
  }
  if (found[0] !== undefined) return found[0].id;
  const nearest = nearestName(
    named,
    tags.map(({ name }) => name),
  );
  throw usageError(
    `The workspace has no tag "${named}"${nearest === undefined ? '' : `; the nearest is "${nearest}"`}.`,
  );
}
