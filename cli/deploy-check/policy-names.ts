/** An element of a statement: what it names, or all but that. */
export interface PolicyNames {
  readonly kind: 'these' | 'all_but';
  /** `*` stands for any letters, and `?` for one. */
  readonly names: readonly string[];
}

/** A policy writes one text as itself or as a list; undefined for anything else. */
export function textsOf(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.filter((each) => typeof each === 'string');
  return texts.length === list.length && texts.length > 0 ? texts : undefined;
}

/** Whether an element takes in this action, which IAM reads in any case of letters. */
export function takesIn({ kind, names }: PolicyNames, action: string): boolean {
  const isNamed = names.some((name) => patternOf(name).test(action));
  return kind === 'these' ? isNamed : !isNamed;
}

const patternOf = (name: string): RegExp =>
  new RegExp(`^${RegExp.escape(name).replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`, 'i');
