import type { NamedPolicy } from '#policy/policy.ts';
import type { Intercom } from '#sweep/ports.ts';
import type { CommandContext } from './command-context.ts';
import type { IntercomSettings } from './settings.ts';

/** A client of one workspace, paced by its policy. `stop` ends the waiting between its attempts. */
export async function openIntercom(
  { clock, environment }: CommandContext,
  { baseUrl, region, token, version }: IntercomSettings,
  { pace }: NamedPolicy,
  stop?: AbortSignal,
): Promise<Intercom> {
  // Loaded here, since most commands have no use for it.
  const { createIntercom } = await import('#intercom/intercom-client.ts');
  return createIntercom({
    baseUrl,
    region,
    token: () => Promise.resolve(token),
    version,
    pace,
    clock,
    random: Math.random,
    stop,
    proxyEnv: environment,
  });
}
