import { ConfigurationError, OutsideError } from '#sweep/errors.ts';
import { checkApiVersion } from './api-version.ts';
import { type Check, couldNotBeChecked } from './check.ts';
import { checkDeadLetters } from './dead-letters.ts';
import { checkDeletePermission } from './delete-permission.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';
import { checkDeployedPolicy } from './deployed-policy.ts';
import { checkReadConversations } from './read-conversations.ts';
import { checkReadNames } from './read-names.ts';
import { checkSchedule } from './schedules.ts';
import { checkSealBucket } from './seal-bucket.ts';
import { checkSealBucketPolicy } from './seal-bucket-policy.ts';
import { checkSealKey } from './seal-key.ts';
import { checkSealKeyPolicy } from './seal-key-policy.ts';
import { checkSecret } from './secret.ts';
import { checkSubscribers } from './subscribers.ts';
import { checkAuditTable, checkStateTable } from './tables.ts';
import { checkToken } from './token.ts';
import { checkTopicPolicy } from './topic-policy.ts';
import { checkWebhook } from './webhook.ts';

/** A check with its name, by which scripts know it. */
export interface NamedCheck extends Check {
  readonly name: string;
}

type Look = (deps: DeployCheckDeps) => Promise<Check>;

/** In the order in which somebody who has just deployed goes through them. */
const looks: Readonly<Record<string, Look>> = {
  secret: checkSecret,
  token: checkToken,
  read_conversations: checkReadConversations,
  read_names: checkReadNames,
  delete_permission: checkDeletePermission,
  api_version: checkApiVersion,
  deployed_policy: checkDeployedPolicy,
  webhook: checkWebhook,
  audit_table: checkAuditTable,
  state_table: checkStateTable,
  sweep_schedule: checkSchedule('sweepSchedule'),
  reconcile_schedule: checkSchedule('reconcileSchedule'),
  seal_schedule: checkSchedule('sealSchedule'),
  seal_key: checkSealKey,
  seal_key_policy: checkSealKeyPolicy,
  seal_bucket: checkSealBucket,
  seal_bucket_policy: checkSealBucketPolicy,
  topic_policy: checkTopicPolicy,
  subscribers: checkSubscribers,
  dead_requests: checkDeadLetters('deadLetterQueue', 'Dead letters'),
  dead_starts: checkDeadLetters('deadStartsQueue', 'A schedule could not begin'),
};

/** All of a stack that is there, side by side. */
export const runChecks = (deps: DeployCheckDeps): Promise<readonly NamedCheck[]> =>
  Promise.all(
    Object.entries(looks).map(async ([name, look]) => ({ name, ...(await lookOrSayWhyNot(look, deps)) })),
  );

/** What keeps one thing from being looked at keeps nobody from looking at the others. */
async function lookOrSayWhyNot(look: Look, deps: DeployCheckDeps): Promise<Check> {
  try {
    return await look(deps);
  } catch (error) {
    if (!(error instanceof OutsideError || error instanceof ConfigurationError)) throw error;
    return couldNotBeChecked(error.message);
  }
}
