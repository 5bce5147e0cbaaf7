import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createDocumentClient } from '#audit/document-client.ts';
import { createRunState } from '#audit/run-state.ts';
import { parseApiVersion } from '#intercom/api-version.ts';
import { createIntercom } from '#intercom/intercom-client.ts';
import { baseUrlOf, parseRegion, type Region } from '#intercom/region.ts';
import type { NamedPolicy, Share } from '#policy/policy.ts';
import { type Setting, text, url, withDefault } from '#runtime/config.ts';
import { envNames } from '#runtime/env-names.ts';
import { type Environment, readEnvironment } from '#runtime/environment.ts';
import { secretNamed } from '#runtime/secret.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import type { AuditTrail, Clock, Intercom, Notices, RunState } from '#sweep/ports.ts';
import { eventNotices } from './event-notices.ts';
import { type PolicyFile, readPolicyFile } from './policy-file.ts';
import { requireConfig } from './require-config.ts';
import { systemClock } from './system-clock.ts';
import { workspaceToken } from './workspace-token.ts';

/** The workspace that a function is deployed for: its policy, and the real adapters. */
export interface OpenWorkspace {
  readonly policyFile: PolicyFile;
  readonly intercom: Intercom;
  readonly audit: AuditTrail;
  readonly state: RunState;
  readonly clock: Clock;
  /** Undefined when nobody is to be told what was deleted. */
  readonly notices: Notices | undefined;
}

/** @param paceOf The share of Intercom's rate limit that this function may use. @throws ConfigurationError */
export function openWorkspace(paceOf: (policy: NamedPolicy) => Share): OpenWorkspace {
  const environment = readEnvironment();
  const config = requireConfig(environment, {
    policyFile: text(envNames.policyFile),
    secretName: text(envNames.secretName),
    auditTable: text(envNames.auditTable),
    stateTable: text(envNames.stateTable),
    region: withDefault(known(envNames.intercomRegion, parseRegion, 'us, eu or au'), 'us'),
    version: withDefault(known(envNames.intercomVersion, parseApiVersion, '2.16'), '2.16'),
  });
  const policyFile = readPolicyFile(config.policyFile);
  const { policy } = policyFile;
  const provider = new SecretsProvider({ awsSdkV3Client: new SecretsManagerClient({}) });
  const secret = secretNamed({ provider, now: () => Date.now() }, config.secretName);
  const tables = createDocumentClient();
  return {
    policyFile,
    intercom: createIntercom({
      ...intercomAddress(environment, config.region),
      token: workspaceToken(secret, policy.workspaceId),
      version: config.version,
      pace: paceOf(policy),
      clock: systemClock,
      random: Math.random,
    }),
    audit: createAuditTrail(tables, config.auditTable, systemClock),
    state: createRunState(tables, config.stateTable),
    clock: systemClock,
    notices: noticesFor(environment),
  };
}

/** A deletion waits for its notice, so not for long. */
const eventBridgeSettings = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true },
};

function noticesFor(environment: Environment): Notices | undefined {
  const busName = environment[envNames.eventBusName];
  return busName === undefined
    ? undefined
    : eventNotices(new EventBridgeClient(eventBridgeSettings), busName);
}

/** The region's own, unless another is set by hand. */
function intercomAddress(
  environment: Environment,
  region: Region,
): { readonly baseUrl: string; readonly region?: Region } {
  if (environment[envNames.intercomBaseUrl] === undefined) return { baseUrl: baseUrlOf(region), region };
  const { baseUrl } = requireConfig(environment, { baseUrl: url(envNames.intercomBaseUrl) });
  return { baseUrl };
}

/** A setting that another room parses; its own message may quote the text, so it is not used. */
const known = <Value>(name: string, parse: (text: string) => Value, examples: string): Setting<Value> => ({
  name,
  parse: (given) => {
    try {
      return { ok: true, value: parse(given) };
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return { ok: false, message: `${name} is nothing that this tool knows; set it to ${examples}.` };
    }
  },
});
