import { isMap } from '#audit/item.ts';
import { type CliError, usageError } from './cli-error.ts';
import { toolName } from './tool-name.ts';

/**
 * What to say of a file of another layout than those that this version knows; undefined when it names none, or one of them. A file that
 * is only newer must not be called altered.
 * @param known `intercom-retention/export/1`: what the file is of, and the number of its layout. At least one
 */
export function unknownLayout(
  path: string,
  json: string,
  ...known: readonly [string, ...string[]]
): CliError | undefined {
  const layout = layoutIn(json);
  const family = known[0].slice(0, known[0].lastIndexOf('/') + 1);
  if (layout === undefined || known.includes(layout) || !layout.startsWith(family)) return undefined;
  if (!/^\d{1,9}$/.test(layout.slice(family.length))) return undefined;
  return usageError(
    `${path} has the layout ${layout}, which ${toolName} does not know; verify it with the version that made it, or a later one.`,
  );
}

function layoutIn(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json);
    const layout = isMap(value) ? value['layout'] : undefined;
    return typeof layout === 'string' ? layout : undefined;
  } catch {
    return undefined; // no JSON
  }
}
