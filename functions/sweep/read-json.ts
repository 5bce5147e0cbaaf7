/** Undefined when `text` is no JSON. Never throws, because the parser's own message quotes the text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value at a path of fields; undefined when there is none, or when something on the way is no object. */
export function valueAt(json: unknown, ...path: readonly string[]): unknown {
  let value = json;
  for (const field of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, field)?.value;
  }
  return value;
}

/**
 * The id at a path: long enough for every one that Intercom gives, too strict for an address or a text. Some versions send
 * some ids as numbers.
 */
export function idAt(json: unknown, ...path: readonly string[]): string | undefined {
  const value = valueAt(json, ...path);
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  return typeof value === 'string' && /^[\w-]{1,128}$/.test(value) ? value : undefined;
}
