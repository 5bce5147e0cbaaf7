import { isAfter, matchesFilter } from '#audit/matches-filter.ts';
import { outcomeColumns } from '#audit/outcome-columns.ts';
import { toOutcomeRecord } from '#audit/outcome-record.ts';
import { toCsv, toNdjson } from '#audit/record-text.ts';
import type { WorkspaceId } from '#policy/ids.ts';
import type { HttpAnswer, HttpRequest } from '#runtime/http-request.ts';
import type { Invocation } from '#runtime/lambda-handler.ts';
import type { OutcomePosition, QueriedOutcome } from '#sweep/outcome.ts';
import type { AuditTrail } from '#sweep/ports.ts';
import { type AuditFormat, type AuditQuery, parseAuditQuery } from './audit-query-parameters.ts';
import { readPageToken, type TokenScope, toPageToken } from './page-token.ts';

export interface AuditQueryDeps {
  readonly audit: Pick<AuditTrail, 'queryOutcomes'>;
  readonly workspaceId: WorkspaceId;
}

/** Lambda answers with 6 MB at most, in which the body stands as a JSON string. */
const mostBytes = 5_500_000;
/** A question that matches little reads much: it is answered with what was found when so much time is left. */
const reserveMs = 5_000;

/** One page of the records that a query asks for, oldest first, and the way to the next page. */
export async function answerAuditQuery(
  { audit, workspaceId }: AuditQueryDeps,
  request: HttpRequest,
  { log, metrics, remainingMs }: Invocation,
): Promise<HttpAnswer> {
  if (!request.isSignedByIam) {
    // The function's URL is meant to have IAM in front of it; if somebody takes that away, it is not open to the world.
    metrics.count('AuditQueryUnsigned');
    log.warn('audit_query_unsigned');
    return errorAnswer(403, 'Sign the request with AWS credentials that may invoke this function.');
  }
  if (request.method !== 'GET') {
    return { ...errorAnswer(405, 'Ask with GET.'), headers: { ...plainHeaders, allow: 'GET' } };
  }
  const refuse = (problem: string): HttpAnswer => {
    metrics.count('AuditQueryUnreadable');
    return errorAnswer(400, problem);
  };
  const parsed = parseAuditQuery(request.query);
  if (!parsed.ok) return refuse(parsed.problem);
  const { query } = parsed;
  const scope: TokenScope = { workspaceId, filter: query.filter };
  const after = query.pageToken === undefined ? undefined : readPageToken(scope, query.pageToken);
  if (query.pageToken !== undefined && after === undefined) {
    return refuse(
      'The parameter page_token is not one that was given for this very query; ask without it first.',
    );
  }

  const page = await readPage(audit, scope, query, after, () => remainingMs() < reserveMs);
  metrics.count('AuditQueryAnswered');
  metrics.count('AuditRecordsGiven', page.records);
  log.info('audit_query', {
    records: page.records,
    format: query.format,
    is_last: page.reached === undefined,
  });
  return {
    statusCode: 200,
    headers: {
      ...plainHeaders,
      'content-type': contentTypes[query.format],
      ...(page.reached === undefined ? {} : nextHeaders(request.query, toPageToken(scope, page.reached))),
    },
    body: page.body,
  };
}

interface Page {
  readonly body: string;
  readonly records: number;
  /** The last outcome that was looked at; undefined when there are no more. */
  readonly reached: OutcomePosition | undefined;
}

async function readPage(
  audit: AuditQueryDeps['audit'],
  { workspaceId, filter }: TokenScope,
  { format, limit }: AuditQuery,
  after: OutcomePosition | undefined,
  isLate: () => boolean,
): Promise<Page> {
  const { conversationId, from, until, ruleId, runId } = filter;
  // Everything on the way is asked for, and what matches picked here, so that a page can end between two matches.
  const way = { conversationId, from, until, ruleId, runId, after };
  const texts = format === 'csv' ? [toCsv(outcomeColumns, [], { header: true })] : [];
  let bytes = 0;
  let records = 0;
  let reached: OutcomePosition | undefined;
  for await (const queried of audit.queryOutcomes(workspaceId, way)) {
    const { recordedAt, conversationId: id } = queried.outcome;
    const position: OutcomePosition = { recordedAt, conversationId: id };
    const isFull = records >= limit || bytes >= mostBytes || isLate();
    // Two outcomes can stand in the same place; they are not torn apart.
    if (isFull && reached !== undefined && isAfter(position, reached)) {
      return { body: texts.join(''), records, reached };
    }
    reached = position;
    if (!matchesFilter(queried, filter)) continue;
    const text = rowOf(format, queried);
    texts.push(text);
    bytes += Buffer.byteLength(JSON.stringify(text));
    records += 1;
  }
  return { body: texts.join(''), records, reached: undefined };
}

const rowOf = (format: AuditFormat, queried: QueriedOutcome): string =>
  format === 'csv'
    ? toCsv(outcomeColumns, [queried], { header: false })
    : toNdjson([toOutcomeRecord(queried)]);

const plainHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;
const contentTypes = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8; header=present',
} as const satisfies Record<AuditFormat, string>;

/** The token alone, and as a link that goes on with the same question. */
function nextHeaders(query: string, token: string): Record<string, string> {
  const next = new URLSearchParams(query);
  next.set('page_token', token);
  return { 'x-next-page-token': token, link: `<?${next.toString()}>; rel="next"` };
}

const errorAnswer = (statusCode: 400 | 403 | 405, message: string): HttpAnswer => ({
  statusCode,
  headers: { ...plainHeaders, 'content-type': 'application/json' },
  body: `${JSON.stringify({ error: { message } })}\n`,
});
