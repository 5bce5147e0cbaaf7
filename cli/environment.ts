import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** Settings by name, as they are given outside of flags. An empty value counts as not given. */
export type Environment = Readonly<Partial<Record<string, string>>>;

/**
 * The environment, and below it what the `.env` file of `directory` says. The only place that reads `process.env`.
 * What `.env` says for the AWS SDK (`AWS_…`) is handed on to it, since it looks at nothing else.
 */
export function readEnvironment(directory: string): Environment {
  const fromFile = readEnvFile(join(directory, '.env'));
  for (const [name, value] of Object.entries(fromFile)) {
    if (name.startsWith('AWS_')) process.env[name] ??= value;
  }
  return { ...withoutEmpty(fromFile), ...withoutEmpty(process.env) };
}

function readEnvFile(path: string): Environment {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {}; // no `.env`, or none that is ours to read: what is missing is then named by its own setting
  }
  return parseEnv(text);
}

const withoutEmpty = (variables: Environment): Environment =>
  Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
