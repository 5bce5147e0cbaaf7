import type { PolicyDiff } from './policy-diff.ts';

/** A sentence for each rule that the change bears on, and that is not looked at, being on other triggers in both policies. */
export function rulesNotJudged({ old, new: changed, on, changes }: PolicyDiff): readonly string[] {
  const rules = [...changed.policy.rules, ...old.policy.rules];
  const isJudged = (id: string): boolean => rules.some((rule) => rule.id === id && rule.on.includes(on));
  const protectsOtherwise = changes.some(({ path }) => path.startsWith('protect.'));
  const isChanged = (id: string): boolean =>
    protectsOtherwise ||
    changes.some(({ path }) => path === `rules.${id}` || path.startsWith(`rules.${id}.`));
  const left = new Map(
    rules.filter(({ id }) => isChanged(id) && !isJudged(id)).map((rule) => [rule.id, rule.on]),
  );
  return [...left].map(
    ([id, triggers]) =>
      `The change bears on the rule ${id}, which is not judged here, since it is on ${triggers.join(', ')}; see --on.`,
  );
}
