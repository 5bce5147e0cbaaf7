export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
  /** What is in `conversations`, `data`, … */
  readonly items: readonly Record<string, unknown>[];
  /** Ready for a query string; undefined on the last page. */
  readonly cursor: string | undefined;
  readonly requestId: string | null;
}

/** Calls an API of Intercom's form by `fetch`, without any help from the project. */
export function caller(url: string, version: string | undefined, token = 'test') {
  return async (method: string, path: string, body?: unknown): Promise<Reply> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(version === undefined ? {} : { 'intercom-version': version }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json = (await response.json()) as Record<string, unknown>;
    const next = (json['pages'] as { next?: { starting_after?: string } } | null | undefined)?.next
      ?.starting_after;
    return {
      status: response.status,
      headers: response.headers,
      json,
      items: (json['conversations'] ?? json['data'] ?? []) as Record<string, unknown>[],
      cursor: next === undefined ? undefined : encodeURIComponent(next),
      requestId: (json['request_id'] as string | undefined) ?? null,
    };
  };
}
