import { parseJson } from '#sweep/read-json.ts';
import { asRequestId, decodeRefusal } from './decode-refusal.ts';
import type { WireAnswer } from './exchange.ts';
import type { Reply } from './reply.ts';

/** What an answer means, whatever was asked. */
export function readReply(answer: WireAnswer): Reply {
  if (answer.kind === 'not_sent') return answer;
  if (answer.kind === 'lost') return { ...answer, httpStatus: null, requestId: null };
  const { status: httpStatus, headers } = answer;
  const inHeader = asRequestId(headers['x-request-id']) ?? null;
  const json = parseJson(answer.text);
  if (httpStatus >= 200 && httpStatus < 300) {
    return json === undefined
      ? { kind: 'lost', code: 'unreadable_answer', httpStatus, requestId: inHeader }
      : { kind: 'ok', httpStatus, requestId: inHeader, json };
  }
  const refusal = decodeRefusal(json);
  const requestId = refusal.requestId ?? inHeader;
  const code = refusal.code ?? `http_${httpStatus}`;
  if (httpStatus === 429) return { kind: 'rate_limited', httpStatus, code, requestId };
  // 408: it gave up waiting for us, and does not say for what.
  if (httpStatus >= 400 && httpStatus < 500 && httpStatus !== 408) {
    return { kind: 'refused', httpStatus, code, requestId };
  }
  return { kind: 'lost', code: `http_${httpStatus}`, httpStatus, requestId };
}
