import { v7 as uuidv7 } from 'uuid';
import { openWorkspace } from './open-workspace.ts';
import type { SliceDeps } from './sweep-slice.ts';

/** The sweep's real dependencies, paced as the policy says. Sends nothing yet. @throws ConfigurationError */
export const composeSweep = (): SliceDeps => ({
  ...openWorkspace(({ pace }) => pace),
  newId: uuidv7,
});
