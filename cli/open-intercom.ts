import { createIntercom } from '#intercom/create-intercom.ts';
import type { Share } from '#policy/policy.ts';
import type { Clock, Intercom } from '#sweep/ports.ts';
import type { IntercomSettings } from './settings.ts';

/** A client of one workspace, paced by its policy. */
export const openIntercom = (
  { baseUrl, token, version }: IntercomSettings,
  pace: Share,
  clock: Clock,
): Intercom => createIntercom({ baseUrl, token, version, pace, clock, random: Math.random });
