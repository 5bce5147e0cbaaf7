/** Settings by name. An empty value counts as not given. */
export type Environment = Readonly<Partial<Record<string, string>>>;

/** The process's environment as it is now. The only place in `functions/` that reads `process.env`. */
export const readEnvironment = (): Environment =>
  Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
