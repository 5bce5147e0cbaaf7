/**
 * The control endpoints: what a test in the same process does by calling the simulator, another process does over HTTP. They need no
 * token, are not counted and are never struck by a fault.
 *
 * | endpoint | does |
 * |---|---|
 * | `GET /_simulator` | `{workspace_id, region, now, conversations, deletions, personal_marker}` |
 * | `GET /_simulator/stats` | the counters of `CallStats` |
 * | `POST /_simulator/stats/reset` | sets them to 0 |
 * | `GET /_simulator/conversations` | NDJSON, a line for each conversation that ever was: `{id, deleted: null or {at, by, metrics_retained}, json}`; `json` is the raw object of 2.16 without parts |
 * | `GET /_simulator/deletions` | NDJSON, in order: `{id, at, by, metrics_retained}` |
 * | `GET /_simulator/settings` | all settings in force, see settings.ts |
 * | `PATCH /_simulator/settings` | sets those that are given |
 * | `POST /_simulator/conversations/{id}/{action}` | `reply`, `reopen`, `tag`, `untag`, `assign`, `close`, `snooze`, or `delete` (by somebody else); `{"subject": "id of a tag, team or teammate"}` |
 * | `POST /_simulator/clock` | `{"advanceMs": 60000}` moves the clock on |
 * | `POST /_simulator/shutdown` | answers, then closes |
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import * as z from 'zod';
import { ok } from './answer.ts';
import { parseJson } from './parse-json.ts';
import { personalMarker } from './personal-data.ts';
import { readBody } from './read-body.ts';
import type { SimulatedDeletion, Simulator } from './running-simulator.ts';
import { sendAnswer } from './send.ts';
import { settingsSchema } from './settings.ts';

export async function serveControl(
  simulator: Simulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = parseJson((await readBody(request)) || '{}');
  try {
    await control(simulator, `${request.method} ${request.url?.slice('/_simulator'.length)}`, body, response);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    sendAnswer(response, { status: 400, body: JSON.stringify({ problems: error.issues }) }, {});
  }
}

const clockSchema = z.strictObject({ advanceMs: z.number().min(0) });
const happeningSchema = z.strictObject({ subject: z.string().optional() });
const actionSchema = settingsSchema.shape.churn.unwrap().shape.actions.unwrap().element;

async function control(
  simulator: Simulator,
  asked: string,
  body: unknown,
  response: ServerResponse,
): Promise<void> {
  const say = (value: unknown) => sendAnswer(response, ok(value), {});
  switch (asked) {
    case 'GET ':
    case 'GET /':
      return say(summaryOf(simulator));
    case 'GET /stats':
      return say(simulator.stats());
    case 'POST /stats/reset':
      simulator.resetStats();
      return say({ reset: true });
    case 'GET /conversations':
      return sendLines(response, conversationLines(simulator));
    case 'GET /deletions':
      return sendLines(response, simulator.deletions().map(wireDeletion));
    case 'GET /settings':
      return say(simulator.settings());
    case 'PATCH /settings':
      simulator.set(z.record(z.string(), z.unknown()).parse(body));
      return say(simulator.settings());
    case 'POST /clock':
      simulator.advance(clockSchema.parse(body).advanceMs);
      return say({ now: simulator.now() });
    case 'POST /shutdown':
      response.once('finish', () => void simulator.close());
      return say({ closing: true });
  }
  const [, id, action] = /^POST \/conversations\/(\d+)\/([a-z]+)$/.exec(asked) ?? [];
  if (id === undefined)
    return sendAnswer(response, { status: 404, body: '{"problems":["There is no such control."]}' }, {});
  const done = simulator.happen(id, { action: actionSchema.parse(action), ...happeningSchema.parse(body) });
  sendAnswer(response, { status: done ? 200 : 404, body: JSON.stringify({ done }) }, {});
}

const summaryOf = (simulator: Simulator) => ({
  workspace_id: simulator.workspaceId,
  region: simulator.region,
  now: simulator.now(),
  conversations: simulator.size(),
  deletions: simulator.deletions().length,
  personal_marker: personalMarker,
});

function* conversationLines(simulator: Simulator): Generator {
  for (const { id, deleted, json } of simulator.conversations()) {
    yield { id, deleted: deleted === null ? null : wireDeletion(deleted), json };
  }
}

const wireDeletion = ({ id, at, by, metricsRetained }: SimulatedDeletion) => ({
  id,
  at,
  by,
  metrics_retained: metricsRetained,
});

async function sendLines(response: ServerResponse, lines: Iterable<unknown>): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const text = Readable.from(lines).map((line: unknown) => `${JSON.stringify(line)}\n`);
  for await (const line of text) {
    if (!response.write(line)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end();
}
