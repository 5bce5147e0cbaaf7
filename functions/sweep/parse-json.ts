/** Undefined when `text` is no JSON. Never throws, because the parser's own message quotes the text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
