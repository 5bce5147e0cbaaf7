import { countOf } from '../number-text.ts';
import { type Check, ok } from './check.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';
import { refusedIsMissing } from './refused-is-missing.ts';

/** Whether the token may read conversations: asks how many there are. */
export async function checkReadConversations({ openWorkingIntercom }: DeployCheckDeps): Promise<Check> {
  const intercom = await openWorkingIntercom();
  return refusedIsMissing(async () => {
    const total = await intercom.count('all');
    return ok(
      total === undefined
        ? 'The token may read conversations.'
        : `The token may read conversations; it sees ${countOf(total, 'conversation')}.`,
    );
  });
}
