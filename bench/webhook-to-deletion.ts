import { createHmac, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { type Benchmark, median, type Row } from './benchmark.ts';
import { type DeployedFunctions, deployFunctions } from './deployed-functions.ts';
import { serve } from './queue-stub.ts';
import { type SimulatedIntercom, simulateIntercom } from './simulated-intercom.ts';

const messages = 100;
/** Cold starts, and what is remembered for five minutes. */
const warmUp = 5;
const latencyMs = 60;
const answerWithinMs = 50;
const deletedWithinMs = 1000;

const rule = {
  id: 'gone-when-closed',
  on: 'conversation.admin.closed',
  when: { state: 'closed' },
  despite: ['minimum_age', 'tickets'],
  retain_metrics: true,
};

export const webhookToDeletion: Benchmark = {
  title: 'From webhook to deletion',
  about: `${messages} signed notifications, one after the other, to the webhook's handler behind a real HTTP server; queue, Secrets Manager, store and simulator (${latencyMs} ms latency, 10,000 calls a minute, the worker's pace of 15 %) are over HTTP as well. Medians, in warm functions: until the sender has its answer, against a bare server that passes the body on to the same queue (aimed at: ${answerWithinMs} ms); until the conversation is deleted and its run is ended in the audit, against a bare GET and DELETE (aimed at: ${deletedWithinMs} ms).`,
  async run() {
    await using intercom = await simulateIntercom({
      conversations: 2_000,
      latencyMs,
      callsPerMinute: 10_000,
    });
    const closed = (await intercom.conversations()).filter(({ json }) => json.state === 'closed');
    const ids = closed.map(({ id }) => id);
    const ours = await measureOurs(intercom, ids.splice(0, warmUp + messages));
    const bareCalls = await measureBareCalls(intercom, ids.splice(0, messages));
    return [
      rowOf(
        'answer to the sender of a webhook',
        ours.answerMs,
        ours.bareAnswerMs,
        answerWithinMs,
        ours.wrong,
      ),
      rowOf('webhook to deleted conversation', ours.deletedMs, bareCalls, deletedWithinMs, ours.wrong),
    ];
  },
};

const rowOf = (
  what: string,
  ours: readonly number[],
  bare: readonly number[],
  aimMs: number,
  wrong: readonly string[],
): Row => ({
  what,
  ours: `${median(ours).toFixed(1)} ms`,
  peer: `${median(bare).toFixed(1)} ms`,
  ratio: median(ours) / median(bare),
  aim: Number((aimMs / median(bare)).toFixed(2)),
  wrong,
});

async function measureOurs(intercom: SimulatedIntercom, ids: readonly string[]) {
  await using functions = await deployFunctions(intercom, [rule]);
  const answerMs: number[] = [];
  const deletedMs: number[] = [];
  const wrong: string[] = [];
  for (const id of ids) {
    const body = notification(intercom.workspaceId, id);
    const workedOn = functions.nextWorkedOn();
    const startedAt = performance.now();
    const response = await post(functions.url, body, functions.clientSecret);
    answerMs.push(performance.now() - startedAt);
    const isDone = await workedOn;
    deletedMs.push(performance.now() - startedAt);
    if (!response.ok || !isDone)
      wrong.push(`${id}: answered ${response.status}, ${isDone ? '' : 'not '}taken`);
  }
  const deleted = await intercom.deletedIds();
  const missed = ids.filter((id) => !deleted.has(id)).length;
  if (missed > 0) wrong.push(`${missed} of ${ids.length} were not deleted`);
  const recorded = await functions.outcomes();
  if (recorded !== ids.length) wrong.push(`${recorded} deletions on record instead of ${ids.length}`);
  const bareAnswerMs = await measureBareAnswers(functions, intercom.workspaceId);
  return { answerMs: answerMs.slice(warmUp), deletedMs: deletedMs.slice(warmUp), bareAnswerMs, wrong };
}

/** What nobody can do without: take the body, put it on the queue, answer. */
async function measureBareAnswers(
  functions: DeployedFunctions,
  workspaceId: string,
): Promise<readonly number[]> {
  await using bare = await serve((request, response) => {
    void text(request)
      .then((body) => {
        const headers = { 'x-amz-target': 'AmazonSQS.SendMessage' };
        const message = JSON.stringify({ MessageBody: body });
        return fetch(functions.queueUrl, { method: 'POST', headers, body: message });
      })
      .then((answered) => answered.text())
      .then(() => response.end());
  });
  const durations: number[] = [];
  for (let sent = 0; sent < messages; sent += 1) {
    const workedOn = functions.nextWorkedOn();
    const startedAt = performance.now();
    await post(bare.url, notification(workspaceId, '1'), 'nobody looks');
    durations.push(performance.now() - startedAt);
    await workedOn; // and given back: it is no message that the worker knows
  }
  return durations;
}

async function measureBareCalls(
  intercom: SimulatedIntercom,
  ids: readonly string[],
): Promise<readonly number[]> {
  const headers = { authorization: `Bearer ${intercom.token}`, 'intercom-version': '2.16' };
  const durations: number[] = [];
  for (const id of ids) {
    const url = `${intercom.url}/conversations/${id}`;
    const startedAt = performance.now();
    await (await fetch(url, { headers })).text();
    await (await fetch(`${url}?retain_metrics=true`, { method: 'DELETE', headers })).text();
    durations.push(performance.now() - startedAt);
  }
  return durations;
}

function notification(workspaceId: string, conversationId: string): string {
  return JSON.stringify({
    type: 'notification_event',
    app_id: workspaceId,
    id: `notif_${randomUUID()}`,
    topic: 'conversation.admin.closed',
    created_at: Math.floor(Date.now() / 1000),
    data: { type: 'notification_event_data', item: { type: 'conversation', id: conversationId } },
  });
}

async function post(url: string, body: string, clientSecret: string): Promise<Response> {
  const signature = `sha1=${createHmac('sha1', clientSecret).update(body).digest('hex')}`;
  const response = await fetch(url, { method: 'POST', headers: { 'x-hub-signature': signature }, body });
  await response.text();
  return response;
}
