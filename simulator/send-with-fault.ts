import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, errorAnswer, type Refusal } from './answer.ts';
import { tooManyCalls } from './rate-limit.ts';
import { type Headers, half, sendAnswer, sendHtml, sendReset, sendTornConnection } from './send.ts';
import type { Fault } from './settings.ts';

export interface FaultyCall {
  readonly requestId: string;
  readonly response: ServerResponse;
  readonly headers: Headers;
  /** What the call asks for happens when this is called, and not otherwise. */
  readonly takeEffect: () => Promise<Answer>;
}

/** Answers in the way of the fault, or not at all. */
export async function sendWithFault(fault: Fault, call: FaultyCall): Promise<void> {
  const { response, headers, takeEffect } = call;
  const fail = (refusal: Refusal) => sendAnswer(response, errorAnswer(refusal, call.requestId), headers);
  const serverError = { status: fault.status, code: 'server_error', message: 'Something went wrong' };
  switch (fault.kind) {
    case 'rate_limited':
      fail(tooManyCalls(headers['x-ratelimit-limit'] ?? '1667'));
      break;
    case 'server_error':
      fail(serverError);
      break;
    case 'html_error':
      sendHtml(response, fault.status, headers);
      break;
    case 'hang':
      break; // The client has to give up by itself.
    case 'reset':
      sendReset(response);
      break;
    case 'hang_after':
      await takeEffect();
      break;
    case 'reset_after':
      await takeEffect();
      sendReset(response);
      break;
    case 'error_after':
      await takeEffect();
      fail(serverError);
      break;
    case 'torn_body': {
      const { status, body } = await takeEffect();
      sendAnswer(response, { status, body: half(body) }, headers);
      break;
    }
    case 'torn_connection':
      sendTornConnection(response, await takeEffect(), headers);
      break;
    case 'empty_body': {
      const { status } = await takeEffect();
      sendAnswer(response, { status, body: '' }, headers);
      break;
    }
    case 'slow': {
      const answer = await takeEffect();
      await delay(fault.delayMs);
      sendAnswer(response, answer, headers);
      break;
    }
  }
}
