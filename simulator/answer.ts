/** What the simulator answers: a status and a JSON text. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

export const ok = (value: unknown): Answer => ({ status: 200, body: JSON.stringify(value) });

/** Why Intercom refuses; becomes an `error.list`, which carries the id of the request. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly field?: string;
}

export const isRefusal = (outcome: Answer | Refusal): outcome is Refusal => 'code' in outcome;

export function errorAnswer({ status, code, message, field }: Refusal, requestId: string): Answer {
  const error = field === undefined ? { code, message } : { code, message, field };
  return { status, body: JSON.stringify({ type: 'error.list', request_id: requestId, errors: [error] }) };
}

export const notFound: Refusal = { status: 404, code: 'not_found', message: 'Resource Not Found' };

export const badParameter = (field: string, message: string): Refusal => ({
  status: 400,
  code: 'parameter_invalid',
  message,
  field,
});
