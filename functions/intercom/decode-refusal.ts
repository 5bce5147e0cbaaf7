import { asArray, asObject, asText } from './wire-value.ts';

/** What may be told of an `error.list`: its first code and the request's id, never its words. */
export interface Refusal {
  readonly code: string | undefined;
  readonly requestId: string | undefined;
}

const codePattern = /^[a-z]\w{0,63}$/i;
const requestIdPattern = /^[\w.:-]{1,128}$/;

/** Reads the body of an error answer; of one that is no `error.list`, such as a page of HTML, nothing is known. */
export function decodeRefusal(wire: unknown): Refusal {
  const answer = asObject(wire);
  const [first] = asArray(answer?.['errors']) ?? [];
  const code = asText(asObject(first)?.['code']);
  return {
    code: code !== undefined && codePattern.test(code) ? code : undefined,
    requestId: asRequestId(answer?.['request_id']),
  };
}

/** Goes into logs and the audit, and so must look like an id. */
export const asRequestId = (value: unknown): string | undefined =>
  typeof value === 'string' && requestIdPattern.test(value) ? value : undefined;
