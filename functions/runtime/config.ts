import type { Environment } from './environment.ts';

/** One setting: the variable that holds it, and what its text must be. */
export interface Setting<Value> {
  readonly name: string;
  /** The value, or one sentence with the remedy. Never quotes the text: it may be a secret in the wrong place. */
  readonly parse: (text: string) => Checked<Value>;
  /** Parsed in place of a variable that is not set; without one it has to be set. */
  readonly whenNotSet?: string;
}
type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string };

type Spec = Readonly<Record<string, Setting<unknown>>>;
type ConfigOf<Wanted extends Spec> = {
  readonly [Key in keyof Wanted]: Wanted[Key] extends Setting<infer Value> ? Value : never;
};

export type ConfigParse<Config> =
  | { readonly ok: true; readonly config: Config }
  /** All of them, one sentence each, in the order of the spec. */
  | { readonly ok: false; readonly problems: readonly string[] };

export function parseConfig<const Wanted extends Spec>(
  environment: Environment,
  spec: Wanted,
): ConfigParse<ConfigOf<Wanted>> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, { name, parse, whenNotSet }] of Object.entries(spec)) {
    const text = environment[name] ?? whenNotSet;
    const checked = text === undefined ? notSet(name) : parse(text);
    if (checked.ok) values[key] = checked.value;
    else problems.push(checked.message);
  }
  if (problems.length > 0) return { ok: false, problems };
  // Each key of the spec has just been given what its own parser returned.
  return { ok: true, config: values as ConfigOf<Wanted> };
}

export const text = (name: string): Setting<string> => ({ name, parse: (value) => ({ ok: true, value }) });

export const url = (name: string): Setting<string> => ({
  name,
  parse: (value) =>
    /^https?:$/.test(URL.parse(value)?.protocol ?? '')
      ? { ok: true, value }
      : { ok: false, message: `${name} is no URL; give one that begins with https:// or http://.` },
});

/** For a variable that need not be set. */
export const withDefault = <Value>({ name, parse }: Setting<Value>, text: string): Setting<Value> => ({
  name,
  parse,
  whenNotSet: text,
});

const notSet = (name: string) => ({ ok: false, message: `${name} is not set; give it a value.` }) as const;
