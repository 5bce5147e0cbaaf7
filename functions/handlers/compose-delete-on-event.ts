import type { Share } from '#policy/policy.ts';
import { formatShare, parseShare, shareHelp } from '#policy/share.ts';
import { defaultEventPace } from '#policy/shared-limit.ts';
import { type Setting, withDefault } from '#runtime/config.ts';
import { envNames } from '#runtime/env-names.ts';
import { readEnvironment } from '#runtime/environment.ts';
import { knowWorkspace } from '#sweep/known-workspace.ts';
import { openWorkspace } from './open-workspace.ts';
import { requireConfig } from './require-config.ts';
import type { WorkerDeps } from './work-on-batch.ts';

/** The worker's real dependencies, with a pace of its own. Sends nothing yet. @throws ConfigurationError */
export function composeDeleteOnEvent(): WorkerDeps {
  const { pace } = requireConfig(readEnvironment(), {
    pace: withDefault(share(envNames.eventPace), formatShare(defaultEventPace)),
  });
  const workspace = openWorkspace(() => pace);
  return { ...workspace, known: knowWorkspace(workspace, workspace.policyFile.policy) };
}

const share = (name: string): Setting<Share> => ({
  name,
  parse: (text) => {
    const value = parseShare(text);
    return value === undefined || value.numerator === 0n
      ? { ok: false, message: `${name} is no share of Intercom's limit above zero; give ${shareHelp}.` }
      : { ok: true, value };
  },
});
