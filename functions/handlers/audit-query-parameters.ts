import { parseSpanEnd, parseSpanStart, timeBoundHelp } from '#audit/time-bound.ts';
import { brandId, type ConversationId, type RuleId, type RunId } from '#policy/ids.ts';
import { outcomeKinds } from '#sweep/outcome.ts';
import type { OutcomeFilter } from '#sweep/ports.ts';

const auditFormats = ['ndjson', 'csv'] as const;
export type AuditFormat = (typeof auditFormats)[number];

export interface AuditQuery {
  readonly filter: Omit<OutcomeFilter, 'after'>;
  readonly format: AuditFormat;
  /** Records a page. */
  readonly limit: number;
  readonly pageToken: string | undefined;
}

export type AuditQueryParse =
  | { readonly ok: true; readonly query: AuditQuery }
  /** One sentence on the first problem. */
  | { readonly ok: false; readonly problem: string };

const defaultLimit = 1000;
/** A page of so many records of the usual size is about half of what Lambda can answer with. */
const mostRecords = 5000;

/** What the parameters of the URL ask for. */
export function parseAuditQuery(text: string): AuditQueryParse {
  const given = new URLSearchParams(text);
  for (const name of given.keys()) {
    if (!isKnown(name)) return problem(`There is no such parameter; there are ${names.join(', ')}.`);
    if (given.getAll(name).length > 1) return problem(`The parameter ${name} is given more than once.`);
  }
  const problems: string[] = [];
  const read = <Value>(name: ParameterName, parse: (text: string) => Value | undefined, help: string) => {
    const value = given.get(name);
    if (value === null) return undefined;
    const parsed = parse(value);
    if (parsed === undefined) problems.push(`The parameter ${name} is not ${help}.`);
    return parsed;
  };

  const filter: AuditQuery['filter'] = {
    conversationId: read('conversation', idOf<ConversationId>, 'the id of a conversation'),
    from: read('from', parseSpanStart, timeBoundHelp),
    until: read('to', parseSpanEnd, timeBoundHelp),
    ruleId: read('rule', ruleIdOf, 'the id of a rule'),
    runId: read('run', idOf<RunId>, 'the id of a run'),
    outcome: read('outcome', oneOf(outcomeKinds), `one of ${outcomeKinds.join(', ')}`),
    retainMetrics: read('retain_metrics', flagOf, 'true or false'),
    metricsRetained: read('metrics_retained', flagOf, 'true or false'),
  };
  const format = read('format', oneOf(auditFormats), auditFormats.join(' or ')) ?? 'ndjson';
  const limit = read('limit', limitOf, `a whole number from 1 to ${mostRecords}`) ?? defaultLimit;
  const pageToken = read('page_token', (token) => token, 'a token');
  const { from, until } = filter;
  if (from !== undefined && until !== undefined && from >= until) {
    problems.push('The parameter from is not before to, so nothing can match.');
  }
  const [first] = problems;
  return first === undefined ? { ok: true, query: { filter, format, limit, pageToken } } : problem(first);
}

const names = [
  'conversation',
  'from',
  'to',
  'rule',
  'run',
  'outcome',
  'retain_metrics',
  'metrics_retained',
  'format',
  'limit',
  'page_token',
] as const;
type ParameterName = (typeof names)[number];

const isKnown = (name: string): boolean => names.some((known) => known === name);

const problem = (sentence: string): AuditQueryParse => ({ ok: false, problem: sentence });

const idOf = <Id extends string>(text: string): Id | undefined =>
  /^[\w-]{1,128}$/.test(text) ? brandId(text) : undefined;

const ruleIdOf = (text: string): RuleId | undefined =>
  /^[a-z0-9][a-z0-9._-]{0,63}$/.test(text) ? brandId(text) : undefined;

const oneOf =
  <Word extends string>(words: readonly Word[]) =>
  (text: string): Word | undefined =>
    words.find((word) => word === text);

const flagOf = (text: string): boolean | undefined =>
  text === 'true' ? true : text === 'false' ? false : undefined;

function limitOf(text: string): number | undefined {
  const limit = Number(text);
  return /^\d{1,4}$/.test(text) && limit >= 1 && limit <= mostRecords ? limit : undefined;
}
