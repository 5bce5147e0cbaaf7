import { type Answer, badParameter, type Refusal } from './answer.ts';
import type { AdmittedCall } from './api-call.ts';
import type { Comparison } from './compile-filter.ts';
import { compileQuery } from './compile-query.ts';
import type { Conversation } from './conversation.ts';
import { conversationFields } from './conversation-fields.ts';
import type { ConversationIndex } from './conversation-index.ts';
import { createdWindowOf } from './created-window.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { isRecord } from './is-record.ts';
import { parseJson } from './parse-json.ts';
import { QueryError } from './query-error.ts';
import type { RecencyView } from './recency-view.ts';
import type { Presentation, Settings } from './settings.ts';
import type { Staff } from './staff.ts';

export interface PagesDeps {
  readonly index: ConversationIndex;
  readonly staff: Staff;
  readonly timeZone: string;
  /** The conversation's JSON as this call sees it. */
  readonly render: (conversation: Conversation, call: AdmittedCall) => string;
}

const mostPerPage = 150;

/** `GET /conversations` */
export function listConversations(deps: PagesDeps, call: AdmittedCall, settings: Settings): Answer | Refusal {
  const perPage = call.query.get('per_page');
  return answerPage(deps, call, settings.presentation, {
    view: deps.index.everything(),
    perPage: perPage === null ? undefined : Number(perPage),
    startingAfter: call.query.get('starting_after'),
  });
}

/** `POST /conversations/search` */
export function conversationSearch(deps: PagesDeps) {
  const fields = conversationFields(deps.staff);
  return (call: AdmittedCall, settings: Settings): Answer | Refusal => {
    const request = parseJson(call.body);
    if (!isRecord(request)) return badParameter('body', 'The body must be a JSON object');
    const { query } = request;
    const pagination = isRecord(request['pagination']) ? request['pagination'] : {};
    const comparison: Comparison = { kind: settings.comparison, timeZone: deps.timeZone };
    try {
      const matches = compileQuery(query, fields, comparison);
      const view = deps.index.matching(`${comparison.kind} ${JSON.stringify(query)}`, {
        matches,
        ...createdWindowOf(query),
      });
      return answerPage(deps, call, settings.presentation, {
        view,
        perPage: pagination['per_page'],
        startingAfter: pagination['starting_after'],
      });
    } catch (error) {
      if (error instanceof QueryError) return badParameter(error.field, error.message);
      throw error;
    }
  };
}

interface PageRequest {
  readonly view: RecencyView;
  readonly perPage: unknown;
  readonly startingAfter: unknown;
}

function answerPage(
  deps: PagesDeps,
  call: AdmittedCall,
  presentation: Presentation,
  { view, perPage = 20, startingAfter }: PageRequest,
): Answer | Refusal {
  if (typeof perPage !== 'number' || !Number.isInteger(perPage) || perPage < 1) {
    return badParameter('per_page', 'Per Page must be a number from 1');
  }
  if (perPage > mostPerPage) return badParameter('per_page', 'Per Page is too big');
  const cursor =
    typeof startingAfter === 'string' && startingAfter !== '' ? decodeCursor(startingAfter) : null;
  if (cursor === undefined) return badParameter('starting_after', 'The cursor is not valid');

  const found = view.pageAfter(cursor?.position, perPage + 1);
  const shown = found.slice(0, perPage);
  const page = cursor?.page ?? 1;
  const last = shown.at(-1);
  const following =
    last === undefined ? String(startingAfter) : encodeCursor({ position: last, page: page + 1 });
  const numbers = { page, per_page: perPage, total_pages: Math.ceil(view.size / perPage) };
  const isLast = found.length <= perPage;
  const pages = isLast ? lastPageOf(numbers, presentation, following) : pageWithNext(numbers, following);
  const items = shown.map((conversation) => deps.render(conversation, call)).join(',');
  const total = { present: `"total_count":${view.size},`, missing: '', null: '"total_count":null,' }[
    presentation.totalCount
  ];
  return {
    status: 200,
    body: `{"type":"conversation.list","pages":${JSON.stringify(pages)},${total}"${presentation.listKey}":[${items}]}`,
  };
}

interface PageNumbers {
  readonly page: number;
  readonly per_page: number;
  readonly total_pages: number;
}

const pageWithNext = (numbers: PageNumbers, startingAfter: string | null) => ({
  type: 'pages',
  ...numbers,
  next: { per_page: numbers.per_page, starting_after: startingAfter },
});

function lastPageOf(numbers: PageNumbers, { lastPage }: Presentation, following: string) {
  switch (lastPage) {
    case 'next_absent':
      return { type: 'pages', ...numbers };
    case 'next_null':
      return { type: 'pages', ...numbers, next: null };
    case 'pages_null':
      return null;
    case 'starting_after_null':
      return pageWithNext(numbers, null);
    case 'starting_after_empty':
      return pageWithNext(numbers, '');
    case 'repeats_cursor':
      return pageWithNext(numbers, following);
  }
}
