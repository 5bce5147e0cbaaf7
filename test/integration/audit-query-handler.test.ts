import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { matchesFilter } from '#audit/matches-filter.ts';
import { toOutcomeRecord } from '#audit/outcome-record.ts';
import type { answerAuditQuery } from '#handlers/answer-audit-query.ts';
import { brandId, type RuleId } from '#policy/ids.ts';
import { instantFromMs, toIso } from '#policy/instant.ts';
import type { HttpAnswer } from '#runtime/http-request.ts';
import { aConfirmation, anOutcome, aRun, conversationIdOf, later, runIdOf } from '#support/audit-builders.ts';
import { auditQueryEvent } from '#support/audit-query-event.ts';
import { type HandlerWorld, handlerWorld } from '#support/deployed-handler.ts';
import { lambdaContext } from '#support/lambda-context.ts';
import { type CapturedOutput, captureOutput } from '#support/lambda-output.ts';
import { functionUrlEvent } from '#support/webhook-events.ts';
import { outcomeKinds, type QueriedOutcome } from '#sweep/outcome.ts';
import type { OutcomeFilter } from '#sweep/ports.ts';

type Handler = typeof import('#handlers/audit-query.ts')['handler'];

const hourMs = 3_600_000;
const rules = ['old', 'spam'].map((id) => brandId<RuleId>(id));

let handlers: HandlerWorld;
let handler: Handler;
/** Everything there is, oldest first. */
let all: readonly QueriedOutcome[];
let output: CapturedOutput;

beforeAll(async () => {
  handlers = await handlerWorld();
  const { audit, workspaceId, clock } = handlers.world;
  const start = instantFromMs(clock.now() - 60 * hourMs);
  for (const run of [1, 2])
    await audit.putRunStarted(aRun({ workspaceId, runId: runIdOf(run), startedAt: start }));
  for (let number = 1; number <= 60; number += 1) {
    // Some in the same millisecond, and two in the same place: the same conversation by two runs.
    const recordedAt = later(start, Math.floor(number / 3) * 2 * hourMs);
    const conversationId = conversationIdOf(number === 41 ? 40 : number);
    await audit.putOutcome(
      anOutcome({
        workspaceId,
        conversationId,
        runId: runIdOf(number % 2 === 0 ? 1 : 2),
        ruleId: rules[number % 5 === 0 ? 1 : 0]!,
        outcome: outcomeKinds[number % 4 === 0 ? number % 5 : 0]!,
        retainMetrics: number % 3 !== 0,
        recordedAt,
      }),
    );
    if (number % 7 !== 0) continue;
    await audit.putConfirmation(
      aConfirmation({
        workspaceId,
        conversationId,
        metricsRetained: number % 2 === 0,
        confirmedAt: recordedAt,
      }),
    );
  }
  all = await Array.fromAsync(audit.queryOutcomes(workspaceId, {}));
  await handlers.deploy({ rules: [] }, { STATE_TABLE: '', INTERCOM_SECRET_NAME: '' });
  ({ handler } = await import('#handlers/audit-query.ts'));
});
afterAll(() => handlers[Symbol.asyncDispose]());
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => output[Symbol.dispose]());

const ask = (query: string, remainingMs = 30_000): Promise<HttpAnswer> =>
  handler(auditQueryEvent(query), lambdaContext({ remainingMs }));

const linesOf = ({ body }: HttpAnswer): readonly unknown[] =>
  body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

/** The query of the link to the next page. */
const nextOf = ({ headers }: HttpAnswer): string | undefined =>
  /^<\?(?<query>[^>]*)>; rel="next"$/.exec(headers?.['link'] ?? '')?.groups?.['query'];

/** Every page, by its links. */
async function walk(query: string, remainingMs?: number): Promise<readonly HttpAnswer[]> {
  const pages: HttpAnswer[] = [];
  for (let next: string | undefined = query; next !== undefined; next = nextOf(pages.at(-1)!)) {
    pages.push(await ask(next, remainingMs));
  }
  return pages;
}

const recordsThat = (filter: OutcomeFilter): readonly unknown[] =>
  all.filter((queried) => matchesFilter(queried, filter)).map(toOutcomeRecord);

/** Two runs may record the same conversation at the same instant; engines differ in which of the two comes first. */
function inPlace(records: readonly unknown[]): readonly unknown[] {
  const inOrder = [...records] as { readonly conversation_id: string; readonly run_id: string }[];
  for (let at = 1; at < inOrder.length; at += 1) {
    const [before, after] = [inOrder[at - 1]!, inOrder[at]!];
    if (before.conversation_id === after.conversation_id && before.run_id > after.run_id) {
      inOrder.splice(at - 1, 2, after, before);
    }
  }
  return inOrder;
}

describe('handler of audit queries', { timeout: 60_000 }, () => {
  it('gives every record that matches once, in order, whatever the query and the size of its pages', async () => {
    const anInstant = fc
      .integer({ min: -5, max: 65 })
      .map((hours) => later(all[0]!.outcome.recordedAt, hours * hourMs));
    const seldom = <Value>(value: fc.Arbitrary<Value>) =>
      fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
    const aFilter = fc.record({
      conversationId: seldom(fc.integer({ min: 39, max: 42 }).map(conversationIdOf)),
      from: seldom(anInstant),
      until: seldom(anInstant),
      ruleId: seldom(fc.constantFrom(...rules)),
      runId: seldom(fc.constantFrom(runIdOf(1), runIdOf(2), runIdOf(3))),
      outcome: seldom(fc.constantFrom(...outcomeKinds)),
      retainMetrics: seldom(fc.boolean()),
      metricsRetained: seldom(fc.boolean()),
    });
    await fc.assert(
      fc.asyncProperty(aFilter, fc.integer({ min: 1, max: 30 }), async (filter, limit) => {
        fc.pre(filter.from === undefined || filter.until === undefined || filter.from < filter.until);
        const pages = await walk(queryOf(filter, { limit: String(limit) }));
        expect(inPlace(pages.flatMap(linesOf))).toEqual(inPlace(recordsThat(filter)));
        // Two outcomes in the same place are not torn apart, so a page can have one more.
        for (const page of pages) expect(linesOf(page).length).toBeLessThanOrEqual(limit + 1);
      }),
      { numRuns: 25 },
    );
    expect(inPlace((await walk('limit=1')).flatMap(linesOf))).toEqual(inPlace(recordsThat({})));
  });

  it('ends a page before its time is over, and finds what is rare over many of them', async () => {
    const filter: OutcomeFilter = { outcome: 'failed' };
    const pages = await walk(queryOf(filter), 4_000);
    expect(pages.length).toBeGreaterThan(20);
    expect(inPlace(pages.flatMap(linesOf))).toEqual(inPlace(recordsThat(filter)));
    expect(recordsThat(filter).length).toBeGreaterThan(0);
  });

  it('gives NDJSON, or CSV with a row of names on each page, and has neither kept by caches', async () => {
    const ndjson = await ask('limit=2');
    expect(ndjson).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' },
    });
    expect(ndjson.headers?.['x-next-page-token']).toMatch(/^1\.[\w-]+\.[\w-]{22}$/);
    const pages = await walk('format=csv&limit=50');
    expect(pages).toHaveLength(2);
    for (const { headers, body } of pages) {
      expect(headers?.['content-type']).toBe('text/csv; charset=utf-8; header=present');
      expect(body).toMatch(/^workspace_id,conversation_id,outcome,.*,facts\.has_ticket\n/);
    }
    expect(pages.flatMap(({ body }) => body.trimEnd().split('\n').slice(1))).toHaveLength(all.length);
    const log = output.takeLines().find(({ message }) => message === 'audit_query');
    expect(log).toMatchObject({ records: 2, format: 'ndjson', is_last: false });
  });

  it('takes a day for the whole of it', async () => {
    const day = toIso(all[20]!.outcome.recordedAt).slice(0, 10);
    const records = linesOf(await ask(`from=${day}&to=${day}`));
    const ofDay = all.filter(({ outcome }) => toIso(outcome.recordedAt).startsWith(day));
    expect(records).toEqual(ofDay.map(toOutcomeRecord));
  });

  it('takes a token back with the same query alone, and not when anything in it was changed', async () => {
    const token = (await ask('outcome=deleted&limit=3')).headers?.['x-next-page-token'] ?? '';
    const withToken = (query: string, given: string) =>
      ask(`${query}&page_token=${encodeURIComponent(given)}`);
    expect((await withToken('outcome=deleted&limit=7&format=csv', token)).statusCode).toBe(200);
    for (const query of ['outcome=failed', 'rule=old&outcome=deleted', 'limit=3']) {
      expect(await withToken(query, token)).toMatchObject({ statusCode: 400 });
    }
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom('', 'A', '0', '.', '-'),
        async (at, other) => {
          const changed = token.slice(0, at) + other + token.slice(at + 1);
          fc.pre(changed !== token);
          const { statusCode, body } = await withToken('outcome=deleted', changed);
          expect([statusCode, JSON.parse(body)]).toEqual([
            400,
            {
              error: {
                message:
                  'The parameter page_token is not one that was given for this very query; ask without it first.',
              },
            },
          ]);
        },
      ),
    );
  });

  it.each([
    ['conversation=ada@example.com', 'conversation is not the id of a conversation'],
    ['conversation=', 'conversation is not the id of a conversation'],
    ['rule=Old', 'rule is not the id of a rule'],
    ['run=%00', 'run is not the id of a run'],
    ['from=yesterday', 'from is not a day such as'],
    ['to=2026-02-30', 'to is not a day such as'],
    ['from=2026-02-02&to=2026-02-01', 'from is not before to'],
    ['outcome=gone', 'outcome is not one of deleted, not_found'],
    ['retain_metrics=1', 'retain_metrics is not true or false'],
    ['metrics_retained=TRUE', 'metrics_retained is not true or false'],
    ['format=xml', 'format is not ndjson or csv'],
    ['limit=0', 'limit is not a whole number from 1 to 5000'],
    ['limit=5001', 'limit is not a whole number from 1 to 5000'],
    ['page_token=x', 'page_token is not one that was given'],
    ['rule=old&rule=spam', 'rule is given more than once'],
    ['rules=old', 'There is no such parameter'],
    ['__proto__=1', 'There is no such parameter'],
  ])('answers %s with 400 and one sentence', async (query, words) => {
    const { statusCode, headers, body } = await ask(query);
    const { error } = JSON.parse(body) as { error: { message: string } };
    expect([statusCode, headers?.['content-type']]).toEqual([400, 'application/json']);
    expect(error.message).toContain(words);
    expect(error.message).toMatch(/^[^\n]*\.$/);
    expect(body).not.toContain('ada@example.com');
  });

  it('answers any query at all with 200 or 400', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (query) => {
        expect([200, 400]).toContain((await ask(query)).statusCode);
      }),
    );
  });

  it('answers nobody whom IAM has not let in, and nothing but GET', async () => {
    const unsigned = functionUrlEvent({ method: 'GET', headers: {}, body: '' });
    expect(await handler(unsigned, lambdaContext())).toMatchObject({ statusCode: 403 });
    expect(output.takeLines().find((line) => '_aws' in line)).toMatchObject({ AuditQueryUnsigned: 1 });
    const posted = await handler(auditQueryEvent('', 'POST'), lambdaContext());
    expect(posted).toMatchObject({ statusCode: 405, headers: { allow: 'GET' } });
  });

  it('fails when the audit cannot be read, so that nobody takes silence for an answer', async () => {
    await handlers.deploy({ rules: [] }, { AUDIT_TABLE: 'another-table' });
    const lost = (await import('#handlers/audit-query.ts')).handler;
    await expect(lost(auditQueryEvent(''), lambdaContext({ remainingMs: 30_000 }))).rejects.toMatchObject({
      name: 'StoreError',
    });
  });
});

describe('answerAuditQuery', () => {
  it('ends a page at the size that Lambda can answer with, and loses nothing', async () => {
    const answer: typeof answerAuditQuery = (await import('#handlers/answer-audit-query.ts'))
      .answerAuditQuery;
    const outcomes = Array.from({ length: 5000 }, (_, number) => ({
      outcome: anOutcome({ conversationId: conversationIdOf(number), reason: '"'.repeat(2_000) }),
      confirmation: undefined,
    }));
    const deps = {
      workspaceId: outcomes[0]!.outcome.workspaceId,
      audit: {
        async *queryOutcomes(_workspace: unknown, filter: OutcomeFilter) {
          yield* outcomes.filter((queried) => matchesFilter(queried, filter));
        },
      },
    };
    const invocation = {
      log: { info: () => {}, warn: () => {}, error: () => {} },
      metrics: { count: () => {} },
      signal: new AbortController().signal,
      remainingMs: () => 30_000,
    };
    let records = 0;
    let query: string | undefined = 'limit=5000';
    while (query !== undefined) {
      const page = await answer(
        deps,
        { method: 'GET', query, headers: {}, body: { text: '', encoding: 'utf8' }, isSignedByIam: true },
        invocation,
      );
      expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(6 * 1024 * 1024);
      records += linesOf(page).length;
      query = nextOf(page);
    }
    expect(records).toBe(5000);
  });
});

function queryOf(filter: OutcomeFilter, more: Readonly<Record<string, string>> = {}): string {
  const names = {
    conversationId: 'conversation',
    from: 'from',
    until: 'to',
    ruleId: 'rule',
    runId: 'run',
    outcome: 'outcome',
    retainMetrics: 'retain_metrics',
    metricsRetained: 'metrics_retained',
  } as const;
  const parameters = Object.entries(names).flatMap(([key, name]) => {
    const value = filter[key as keyof typeof names];
    if (value === undefined) return [];
    return [[name, typeof value === 'number' ? toIso(value) : String(value)] as const];
  });
  return new URLSearchParams({ ...Object.fromEntries(parameters), ...more }).toString();
}
