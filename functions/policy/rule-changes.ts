import { stringify } from 'yaml';
import type { RuleId } from './ids.ts';
import type { ByName, NamedPolicy, Rule } from './policy.ts';
import type { PolicyChange } from './policy-change.ts';

/** A policy as it was parsed, and as it is written (see `parsePolicy`). */
export interface WrittenPolicy {
  readonly policy: NamedPolicy;
  readonly canonicalJson: string;
}

/** Rules that are new, gone, changed or in another order. Rules are the same when they have the same id. */
export function ruleChanges(before: WrittenPolicy, after: WrittenPolicy): readonly PolicyChange[] {
  const [was, is] = [before.policy.rules, after.policy.rules];
  const writtenBefore = conditionsIn(before);
  const writtenAfter = conditionsIn(after);
  return [
    ...is.flatMap((rule) => {
      const old = was.find(({ id }) => id === rule.id);
      if (old === undefined) return [newRule(rule, writtenAfter(rule))];
      const sameCondition = JSON.stringify(old.when) === JSON.stringify(rule.when);
      return [
        ...(sameCondition ? [] : [changeOf(rule, 'when', writtenBefore(old), writtenAfter(rule), undefined)]),
        ...fieldChanges(old, rule),
      ];
    }),
    ...was
      .filter(({ id }) => !is.some((rule) => rule.id === id))
      .map((rule) => ({
        path: `rules.${rule.id}`,
        before: writtenBefore(rule),
        after: undefined,
        warning: undefined,
      })),
    ...orderChange(was, is),
  ];
}

const changeOf = (
  { id }: Rule<ByName>,
  key: string,
  before: string | undefined,
  after: string | undefined,
  warning: string | undefined,
): PolicyChange => ({ path: `rules.${id}.${key}`, before, after, warning });

function newRule(rule: Rule<ByName>, written: string): PolicyChange {
  const warnings = [
    ...(rule.retainMetrics ? [] : ['What it deletes vanishes from reports, too.']),
    ...(rule.despite.length === 0 ? [] : [`It sets ${rule.despite.join(', ')} aside.`]),
  ];
  return {
    path: `rules.${rule.id}`,
    before: undefined,
    after: written,
    warning: warnings.length === 0 ? undefined : warnings.join(' '),
  };
}

function fieldChanges(old: Rule<ByName>, rule: Rule<ByName>): readonly PolicyChange[] {
  const setAside = rule.despite.filter((each) => !old.despite.includes(each));
  const fields = [
    { key: 'on', was: listed(old.on), is: listed(rule.on) },
    {
      key: 'despite',
      was: listed(old.despite),
      is: listed(rule.despite),
      warning: setAside.length === 0 ? undefined : `It now sets ${setAside.join(', ')} aside.`,
    },
    {
      key: 'retain_metrics',
      was: String(old.retainMetrics),
      is: String(rule.retainMetrics),
      warning: rule.retainMetrics
        ? 'What it deletes stays in reports from now on.'
        : 'What it deletes vanishes from reports, too.',
    },
    { key: 'description', was: old.description, is: rule.description },
    { key: 'legal_basis', was: old.legalBasis, is: rule.legalBasis },
  ];
  return fields
    .filter(({ was, is }) => was !== is)
    .map(({ key, was, is, warning }) => changeOf(rule, key, was, is, warning));
}

const listed = (words: readonly string[]): string => `[${words.toSorted().join(', ')}]`;

/** The first rule that matches decides, so that their order matters. */
function orderChange(was: readonly Rule<ByName>[], is: readonly Rule<ByName>[]): readonly PolicyChange[] {
  const common = (some: readonly Rule<ByName>[], others: readonly Rule<ByName>[]): readonly RuleId[] =>
    some.map(({ id }) => id).filter((id) => others.some((other) => other.id === id));
  const [before, after] = [common(was, is).join(', '), common(is, was).join(', ')];
  return before === after ? [] : [{ path: 'rules', before, after, warning: undefined }];
}

/** The conditions as the file has them, on one line. */
function conditionsIn({ policy, canonicalJson }: WrittenPolicy): (rule: Rule<ByName>) => string {
  const document: unknown = JSON.parse(canonicalJson);
  const rules = fieldOf(document, 'rules');
  return (rule) => {
    const written: unknown = Array.isArray(rules) ? rules[policy.rules.indexOf(rule)] : undefined;
    return stringify(fieldOf(written, 'when'), { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
  };
}

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(key)
    : undefined;
