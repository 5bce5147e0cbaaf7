import type { Directory, DirectoryKind } from '#policy/directory.ts';
import type { AdminId, ContactId, ConversationId, TagId, TeamId } from '#policy/ids.ts';
import type { Share } from '#policy/policy.ts';
import type {
  ApiUsage,
  Clock,
  ConversationPage,
  ConversationQuery,
  DeleteAnswer,
  DeletedPage,
  DeletedPageRequest,
  Intercom,
  NamedContact,
  ReadConversation,
  Workspace,
} from '#sweep/ports.ts';
import { type ApiVersion, type Capabilities, capabilitiesOf } from './api-version.ts';
import { Caller, type TokenSource } from './caller.ts';
import { decodeContacts } from './decode-contacts.ts';
import { decodeConversation } from './decode-conversation.ts';
import { decodeDeletedPage } from './decode-deleted-page.ts';
import { decodeNames } from './decode-directory.ts';
import { DecodeError } from './decode-error.ts';
import { decodePage } from './decode-page.ts';
import { decodeWorkspace } from './decode-workspace.ts';
import { toDeleteAnswer } from './delete-answer.ts';
import { type Endpoint, endpoints } from './endpoint.ts';
import { errorOfAnswer, errorOfReply } from './error-of-reply.ts';
import { createHost, type ProxyEnvironment } from './exchange.ts';
import { checkRegion, type Region } from './region.ts';
import type { Reply } from './reply.ts';
import {
  type ApiRequest,
  contactRequest,
  deletedPageRequest,
  deleteRequest,
  listRequest,
  readRequest,
  searchRequest,
} from './requests.ts';
import { createTransport } from './transport.ts';

export interface IntercomOptions {
  readonly baseUrl: string;
  /** The region that `baseUrl` is of, when it is one of Intercom's own; a workspace of another one is refused. */
  readonly region?: Region | undefined;
  /** Asked before each call, so it should remember; asked once more with `fresh: true` when Intercom answers 401. */
  readonly token: TokenSource;
  readonly version: ApiVersion;
  /** The share of the rate limit that this client may use. */
  readonly pace: Share;
  readonly clock: Clock;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly timeouts?: Partial<Timeouts>;
  /** Ends the waiting between attempts: a call that would have been sent again fails instead. */
  readonly stop?: AbortSignal | undefined;
  /** `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, when they are to be followed. */
  readonly proxyEnv?: ProxyEnvironment | undefined;
}

/** In milliseconds. */
interface Timeouts {
  /** Until there is a connection. */
  readonly connectMs: number;
  /** For an answer with many conversations; more than 20 seconds have been seen. */
  readonly pageMs: number;
  readonly singleMs: number;
}

const defaultTimeouts: Timeouts = { connectMs: 5_000, pageMs: 60_000, singleMs: 20_000 };
const mostPerPage = 150;

/** Intercom, over HTTP. */
export function createIntercom(options: IntercomOptions): Intercom {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const host = createHost(options.baseUrl, timeouts.connectMs, options.proxyEnv);
  const { token, version, pace, clock, random, region, stop } = options;
  const send = createTransport(host);
  return new IntercomClient(new Caller({ send, token, version, pace, clock, random, timeouts, stop }), {
    version,
    clock,
    region,
  });
}

interface Setting {
  readonly version: ApiVersion;
  readonly clock: Clock;
  readonly region: Region | undefined;
}

class IntercomClient implements Intercom {
  readonly apiVersion: ApiVersion;
  readonly capabilities: Capabilities;
  readonly #caller: Caller;
  readonly #setting: Setting;

  constructor(caller: Caller, setting: Setting) {
    this.#caller = caller;
    this.#setting = setting;
    this.apiVersion = setting.version;
    this.capabilities = capabilitiesOf(setting.version);
  }

  usage(): ApiUsage {
    return this.#caller.usage();
  }

  async identify(): Promise<Workspace> {
    const { region } = this.#setting;
    const workspace = await this.#ask({ endpoint: endpoints.me, path: '/me' }, decodeWorkspace);
    if (region !== undefined) checkRegion(workspace.region, region);
    return workspace;
  }

  async directory(kinds: readonly DirectoryKind[]): Promise<Directory> {
    const [tags, teams, admins] = await Promise.all([
      this.#names<TagId>('tags', kinds),
      this.#names<TeamId>('teams', kinds),
      this.#names<AdminId>('admins', kinds),
    ]);
    return { tags, teams, admins };
  }

  async #names<Id extends string>(kind: DirectoryKind, wanted: readonly DirectoryKind[]) {
    if (!wanted.includes(kind)) return [];
    return this.#ask({ endpoint: endpoints[kind], path: `/${kind}` }, (json) => decodeNames<Id>(kind, json));
  }

  listPage(cursor: string | undefined): Promise<ConversationPage> {
    return this.#page(listRequest(mostPerPage, cursor), cursor);
  }

  searchPage(query: ConversationQuery, cursor: string | undefined): Promise<ConversationPage> {
    return this.#page(searchRequest(query, mostPerPage, cursor), cursor);
  }

  async #page(request: ApiRequest, cursor: string | undefined): Promise<ConversationPage> {
    const page = await this.#ask(request, (json) => decodePage(json, cursor));
    return { ...page, readAt: this.#setting.clock.now() };
  }

  async count(query: ConversationQuery | 'all'): Promise<number | undefined> {
    const request = query === 'all' ? listRequest(1, undefined) : searchRequest(query, 1, undefined);
    return (await this.#ask(request, (json) => decodePage(json, undefined))).total;
  }

  async read(id: ConversationId): Promise<ReadConversation | undefined> {
    const request = readRequest(id);
    const reply = await this.#caller.call(request);
    if (reply.kind === 'refused' && reply.httpStatus === 404) return undefined;
    const facts = decodeReply(request.endpoint, reply, (json) => decodeConversation(json, id));
    return { facts, readAt: this.#setting.clock.now() };
  }

  async delete(id: ConversationId, retainMetrics: boolean): Promise<DeleteAnswer> {
    const { endpoint, ...rest } = deleteRequest(id, retainMetrics, this.#setting.version);
    return toDeleteAnswer(endpoint, await this.#caller.call({ endpoint, ...rest }), id);
  }

  async deletedPage(request: DeletedPageRequest): Promise<DeletedPage> {
    return this.#ask(deletedPageRequest(request, this.#setting.version), decodeDeletedPage);
  }

  async findContacts(named: NamedContact): Promise<readonly ContactId[]> {
    const request = contactRequest(named);
    const reply = await this.#caller.call(request);
    // 410: the contact was merged into another one, which is then the one to name.
    const isGone = reply.kind === 'refused' && (reply.httpStatus === 404 || reply.httpStatus === 410);
    if (named.by === 'id' && isGone) return [];
    return decodeReply(request.endpoint, reply, (json) => decodeContacts(json, named));
  }

  async #ask<Value>(request: ApiRequest, decode: (json: unknown) => Value): Promise<Value> {
    return decodeReply(request.endpoint, await this.#caller.call(request), decode);
  }
}

function decodeReply<Value>(endpoint: Endpoint, reply: Reply, decode: (json: unknown) => Value): Value {
  if (reply.kind !== 'ok') throw errorOfReply(endpoint, reply);
  try {
    return decode(reply.json);
  } catch (error) {
    if (error instanceof DecodeError) throw errorOfAnswer(endpoint, reply, error.message);
    throw error;
  }
}
