/**
 * A stateful look-alike of Intercom's API, served over HTTP on this machine. It shares no code with what it checks.
 *
 * What it looks like to a client: settings.ts (faults, limits, lag, versions …). How it is steered from another process: control.ts.
 */
import { api } from './api.ts';
import { statsCounter } from './call-stats.ts';
import { churnOnce, happen } from './churn.ts';
import { serveControl } from './control.ts';
import type { Conversation } from './conversation.ts';
import { conversationStore, type Deletion, type Seen } from './conversation-store.ts';
import type { WorkspaceProfile } from './directory-answers.ts';
import { faultSource } from './fault-source.ts';
import { generateConversations } from './generate-conversation.ts';
import { type HandmadeConversation, handmadeConversation } from './handmade-conversation.ts';
import { listen } from './listen.ts';
import { drawAt } from './random.ts';
import { rateLimiter } from './rate-limit.ts';
import { renderConversation } from './render-conversation.ts';
import { requestIdOf } from './request-id.ts';
import type { SimulatedConversation, SimulatedDeletion, Simulator } from './running-simulator.ts';
import { type CallHooks, serveApi } from './serve-api.ts';
import { changedSettings, type SettingsInput, settingsSchema } from './settings.ts';
import { type Staff, type StaffNames, staffOf } from './staff.ts';

export interface SimulatorOptions extends SettingsInput, StaffNames {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** The same seed gives the same data, answers and faults. 1 by default. */
  readonly seed?: number;
  /** How many to make up; 0 by default. */
  readonly generate?: number;
  /** How far back the oldest made-up conversation lies; 5 by default. */
  readonly years?: number;
  readonly handmade?: readonly HandmadeConversation[];
  /** `app.id_code` of `GET /me`. */
  readonly workspaceId?: string;
  readonly workspaceName?: string;
  /** `US` by default. */
  readonly region?: string;
  /** IANA name; UTC by default. */
  readonly timeZone?: string;
  /** Milliseconds since 1970. A test's own clock; the machine's by default. */
  readonly clock?: () => number;
  readonly hooks?: CallHooks;
}

/** @throws z.ZodError for a setting that is none; RangeError for a handmade conversation that cannot be. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const {
    port = 0,
    seed = 1,
    generate = 0,
    years = 5,
    handmade = [],
    clock = Date.now,
    hooks = {},
  } = options;
  let settings = settingsSchema.strip().parse(options);
  let faults = faultSource(seed, settings.faults);
  let advancedMs = 0;
  const nowMs = () => clock() + advancedMs;
  const staff = staffOf(options);
  const profile: WorkspaceProfile = {
    workspaceId: options.workspaceId ?? 'simulated',
    name: options.workspaceName ?? 'Simulated workspace',
    region: options.region ?? 'US',
    timeZone: options.timeZone ?? 'UTC',
    staff,
  };

  const conversations = [
    ...generateConversations({ seed, count: generate, years, now: Math.floor(nowMs() / 1000), staff }),
    ...made(handmade, staff),
  ];
  const lagMs = (id: number) =>
    drawAt(seed, 'index lag', id) < settings.indexLag.probability ? settings.indexLag.lagMs : 0;
  const store = conversationStore({ nowMs, lagMs }, conversations);
  const contactCount = conversations.reduce(
    (most, { contactNumbers }) => Math.max(most, ...contactNumbers),
    0,
  );
  const stats = statsCounter();
  const churnDeps = { store, staff, nowMs, seed };
  const serve = {
    api: api({ store, profile, contactCount, seed, nowMs, settings: () => settings }),
    seed,
    settings: () => settings,
    faults: () => faults,
    limiter: rateLimiter(nowMs),
    stats,
    hooks,
    churn: (callNumber: number) => {
      const { everyCalls, actions } = settings.churn;
      if (everyCalls === 0 || callNumber % everyCalls !== 0) return;
      if (churnOnce(churnDeps, actions, callNumber)) stats.churned();
    },
  };

  const server = await listen(port, {
    api: (call, response) => serveApi(serve, call, response),
    control: (request, response) => serveControl(simulator, request, response),
    requestIdOf: (callNumber) => requestIdOf(seed, callNumber),
  });

  const simulator: Simulator = {
    url: server.url,
    port: server.port,
    workspaceId: profile.workspaceId,
    region: profile.region,
    staff,
    close: server.close,
    *conversations() {
      for (const seen of store.everSeen()) yield simulated(seen, profile);
    },
    deletions: () => store.deletions.map(simulatedDeletion),
    size: () => store.size,
    stats: () => stats.read(),
    resetStats: () => stats.reset(),
    settings: () => settings,
    set(changes) {
      settings = changedSettings(settings, { ...changes });
      if ('faults' in changes) faults = faultSource(seed, settings.faults);
    },
    happen: (conversationId, happening) => happen(churnDeps, Number(conversationId), happening),
    now: nowMs,
    advance(ms) {
      advancedMs += ms;
    },
  };
  return simulator;
}

const simulated = ({ conversation, deletion }: Seen, profile: WorkspaceProfile): SimulatedConversation => ({
  id: String(conversation.id),
  json: renderConversation(conversation, profile),
  deleted: deletion === null ? null : simulatedDeletion(deletion),
});

const simulatedDeletion = ({
  conversation,
  deletedAtMs,
  metricsRetained,
  by,
}: Deletion): SimulatedDeletion => ({
  id: String(conversation.id),
  at: deletedAtMs,
  metricsRetained,
  by,
});

function made(handmade: readonly HandmadeConversation[], staff: Staff): Conversation[] {
  const taken = new Set(handmade.map(({ id }) => id));
  let lastFree = 0;
  return handmade.map((input) => {
    if (input.id !== undefined) return handmadeConversation(input, Number(input.id), staff);
    do lastFree += 1;
    while (taken.has(String(lastFree)));
    return handmadeConversation(input, lastFree, staff);
  });
}
