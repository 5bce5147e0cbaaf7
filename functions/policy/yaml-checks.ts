import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { DocumentPath } from './policy-problem.ts';

interface Finding {
  readonly node: Node;
  readonly path: DocumentPath;
  readonly message: string;
  /** Whether the document has no value because of it. */
  readonly fatal: boolean;
}

/** What YAML allows, or does not notice, and a policy cannot have: it would be lost or altered on its way into a value. */
export const checkNodes = (document: Document): Generator<Finding> =>
  checkNode(document.contents, [], new Set());

/** @param anchors The names given so far. */
function* checkNode(node: unknown, path: DocumentPath, anchors: Set<string>): Generator<Finding> {
  if (!isNode(node)) return;
  if (isAlias(node)) {
    if (anchors.has(node.source)) return;
    const message = `Nothing before this is called &${node.source}; name it there, or write the value out.`;
    yield { node, path, message, fatal: true };
    return;
  }
  if (node.anchor !== undefined) anchors.add(node.anchor);
  if (isScalar(node)) {
    const message = scalarMessage(node.value, node.source);
    if (message !== undefined) yield { node, path, message, fatal: false };
  }
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) yield* checkNode(item, [...path, index], anchors);
  }
  if (isMap(node)) yield* checkMap(node, path, anchors);
}

function* checkMap({ items }: YAMLMap, path: DocumentPath, anchors: Set<string>): Generator<Finding> {
  const seen = new Set<string>();
  for (const { key, value } of items) {
    if (!isScalar(key)) continue; // the parser has complained
    const name = String(key.value);
    const message = keyMessage(name, seen);
    if (message !== undefined) yield { node: key, path: [...path, name], message, fatal: false };
    seen.add(name);
    yield* checkNode(value, [...path, name], anchors);
  }
}

function keyMessage(name: string, seen: ReadonlySet<string>): string | undefined {
  if (seen.has(name)) return `${JSON.stringify(name)} stands here for a second time; keep one of them.`;
  if (name === '__proto__') return '"__proto__" cannot be a key; remove it.'; // zod would drop it without a word
  return scalarMessage(name, undefined);
}

function scalarMessage(value: unknown, source: string | undefined): string | undefined {
  if (typeof value === 'string' && !value.isWellFormed()) {
    return 'This text holds half of a character (a lone surrogate); write the character out.';
  }
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return `${source} is too large to be exact as a number; write it in quotes if it is an id.`;
  }
  return undefined;
}
