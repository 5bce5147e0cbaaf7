import { parseConfig, type Setting } from '#runtime/config.ts';
import type { Environment } from '#runtime/environment.ts';
import { ConfigurationError } from '#sweep/errors.ts';

/** The settings of one function. @throws ConfigurationError that names everything that is missing or wrong. */
export function requireConfig<const Spec extends Readonly<Record<string, Setting<unknown>>>>(
  environment: Environment,
  spec: Spec,
) {
  const parsed = parseConfig(environment, spec);
  if (!parsed.ok) throw new ConfigurationError(parsed.problems.join(' '));
  return parsed.config;
}
