import { directoryNeeds } from '#policy/resolve-names.ts';
import { resolvePolicy } from '#sweep/identify.ts';
import { type Check, ok } from './check.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';
import { refusedIsMissing } from './refused-is-missing.ts';

const allKinds = ['tags', 'teams', 'admins'] as const;

/** Whether the token may read the names that the policy uses, and whether each is the name of something. */
export async function checkReadNames({ openWorkingIntercom, policyFile }: DeployCheckDeps): Promise<Check> {
  const intercom = await openWorkingIntercom();
  return refusedIsMissing(async () => {
    if (policyFile === undefined) {
      await intercom.directory(allKinds);
      return ok('The token may read tags, teams and teammates.');
    }
    const { policy, path } = policyFile;
    const needs = directoryNeeds(policy);
    if (needs.length === 0) return ok(`${path} names no tag, team or teammate.`);
    await resolvePolicy(intercom, policy);
    return ok(`The token may read ${needs.map(wordFor).join(', ')}; every name in ${path} is found.`);
  });
}

const wordFor = (kind: (typeof allKinds)[number]): string => (kind === 'admins' ? 'teammates' : kind);
