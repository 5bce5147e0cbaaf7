/**
 * Sends the same calls with our client or with bare `node:http`, and prints how much CPU (user and system) each call took.
 *
 *     node call-loop.ts ours|bare|parsing read|delete URL TOKEN < ids, a line each
 */
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { systemClock } from '#cli/system-clock.ts';
import { parseApiVersion } from '#intercom/api-version.ts';
import { createIntercom } from '#intercom/intercom-client.ts';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { workThrough } from '#sweep/worker-pool.ts';

type Call = (id: string) => Promise<boolean>;

const inFlight = 16;
/** Calls that are not counted: until then the code is not compiled and the connections are not open. */
const warmUp = 1_000;

const [client = '', kind = '', url = '', token = ''] = process.argv.slice(2);
const ids = (await text(process.stdin)).trim().split('\n');

const call = client === 'ours' ? ours() : bare(client === 'parsing' ? JSON.parse : () => undefined);
let failed = 0;
const perform = async (id: string): Promise<void> => {
  if (!(await call(id))) failed += 1;
};
await workThrough(ids.slice(0, warmUp), inFlight, perform);
const before = process.cpuUsage();
await workThrough(ids.slice(warmUp), inFlight, perform);
const { user, system } = process.cpuUsage(before);
const microseconds = (user + system) / (ids.length - warmUp);
process.stdout.write(JSON.stringify({ microseconds, failed }));

function ours(): Call {
  const intercom = createIntercom({
    baseUrl: url,
    token: () => Promise.resolve(token),
    version: parseApiVersion('2.16'),
    pace: { numerator: 1n, denominator: 1n },
    clock: systemClock,
    random: Math.random,
  });
  if (kind === 'delete') {
    return async (id) => (await intercom.delete(brandId<ConversationId>(id), true)).kind === 'deleted';
  }
  return async (id) => (await intercom.read(brandId<ConversationId>(id))) !== undefined;
}

/** The least that anything on `node:http` can do: send, take in the answer as text, and do `then` with it. */
function bare(then: (body: string) => unknown): Call {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${token}`,
    'intercom-version': '2.16',
  };
  const [method, query] = kind === 'delete' ? ['DELETE', '?retain_metrics=true'] : ['GET', ''];
  return (id) =>
    new Promise((resolve, reject) => {
      const path = `/conversations/${id}${query}`;
      const sent = request({ hostname, port, agent, method, path, headers }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('end', () => {
          then(body);
          resolve(response.statusCode === 200);
        });
      });
      sent.on('error', reject);
      sent.end();
    });
}
