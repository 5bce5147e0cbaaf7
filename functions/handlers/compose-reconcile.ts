import { v7 as uuidv7 } from 'uuid';
import { durationHelp, parseDuration } from '#policy/duration.ts';
import type { Duration } from '#policy/policy.ts';
import { reconcilePace } from '#policy/shared-limit.ts';
import { type Setting, withDefault } from '#runtime/config.ts';
import { envNames } from '#runtime/env-names.ts';
import { readEnvironment } from '#runtime/environment.ts';
import { openWorkspace } from './open-workspace.ts';
import type { ReconcileSliceDeps } from './reconcile-slice.ts';
import { requireConfig } from './require-config.ts';

const grace: Setting<Duration> = {
  name: envNames.reconcileGrace,
  parse: (given) => {
    const value = parseDuration(given);
    return value === undefined
      ? { ok: false, message: `${envNames.reconcileGrace} is not ${durationHelp}.` }
      : { ok: true, value };
  },
};

/** The reconciliation's real dependencies. Sends nothing yet. @throws ConfigurationError */
export const composeReconcile = (): ReconcileSliceDeps => ({
  ...openWorkspace(() => reconcilePace),
  ...requireConfig(readEnvironment(), { grace: withDefault(grace, '24h') }),
  newId: uuidv7,
});
