import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';
import type { DocumentPath } from './policy-problem.ts';

type YamlNode = Node | null;

/** Where one part of a YAML document's value stands in the text. */
export interface YamlPlace {
  /** Null for an entry of a list, the whole document, and what is not there. */
  readonly key: YamlNode;
  readonly value: YamlNode;
  /** The value, or the last node on the way to it: the map that lacks a key. */
  readonly nearest: YamlNode;
}

/** Follows aliases, so that the place of a value that is written once and used twice is where it is written. */
export function placeIn(document: Document, path: DocumentPath): YamlPlace {
  let place: YamlPlace = { key: null, value: document.contents, nearest: document.contents };
  for (const step of path) place = stepInto(place, step, document);
  return place;
}

function stepInto({ value, nearest }: YamlPlace, step: string | number, document: Document): YamlPlace {
  const holder = isAlias(value) ? value.resolve(document) : value;
  if (isSeq(holder)) {
    const item = orNull(holder.items[Number(step)]);
    return { key: null, value: item, nearest: item ?? nearest };
  }
  const pair = isMap(holder)
    ? holder.items.findLast(({ key }) => isScalar(key) && key.value === step) // as in the value, the last one counts
    : undefined;
  const [key, child] = [orNull(pair?.key), orNull(pair?.value)];
  return { key, value: child, nearest: child ?? key ?? nearest };
}

const orNull = (node: unknown): YamlNode => (isNode(node) ? node : null);
