import { type Document, isScalar, type Node, parseDocument, type YAMLError } from 'yaml';
import { type DocumentPath, formatPath, type PolicyProblem } from './policy-problem.ts';
import { checkNodes } from './yaml-checks.ts';
import { placeIn } from './yaml-place.ts';

/** The value of a YAML text, and where in the text its parts stand. */
export interface YamlText {
  readonly value: unknown;
  /** What YAML allows and a policy does not; the value can be judged nevertheless. */
  readonly problems: readonly PolicyProblem[];
  /** A problem of the value at this path, or of the map that lacks it. */
  problemAt(path: DocumentPath, message: string): PolicyProblem;
  /** A problem of the key with which this path ends. */
  problemAtKey(path: DocumentPath, message: string): PolicyProblem;
  /** What stands at this path, letter by letter (`1e3`, `0x1F`, `TRUE`), and the type that YAML gives it. */
  writtenAt(path: DocumentPath): { readonly text: string; readonly type: string };
}

type YamlRead =
  | { readonly ok: true; readonly yaml: YamlText }
  /** The text has no value that could be judged. */
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

const mostCharacters = 256 * 1024;
/** Two levels for each `all`, `any` or `not` in a condition. */
const mostLevels = 64;

/** Reads YAML 1.2 with its core schema, where `yes` is text and `2024-01-01` too. Never throws. */
export function readYaml(text: string): YamlRead {
  if (text.length > mostCharacters) {
    return failed(
      `A policy has at most ${mostCharacters} characters, and this has ${text.length}; shorten it.`,
    );
  }
  const place = placesIn(text);
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    resolveKnownTags: false,
    stringKeys: true,
    uniqueKeys: false, // `checkNodes` tells of them with their path
    prettyErrors: false,
    logLevel: 'error', // `silent` would hide a second document
  });
  const syntaxErrors = [...document.errors, ...document.warnings];
  if (syntaxErrors.length > 0) return { ok: false, problems: syntaxProblems(syntaxErrors, place) };

  const problem = (node: Node | null, path: DocumentPath, message: string): PolicyProblem => ({
    ...place(node?.range?.[0] ?? 0),
    path: formatPath(path),
    message,
  });
  const findings = [...checkNodes(document)];
  const problems = findings.map(({ node, path, message }) => problem(node, path, message));
  if (findings.some(({ fatal }) => fatal)) return { ok: false, problems };

  const value = toValue(document);
  if (isDeeperThan(mostLevels, value)) {
    return failed(
      `This is nested more than ${mostLevels} levels deep, or has too many aliases; write it flatter.`,
    );
  }
  return {
    ok: true,
    yaml: {
      value,
      problems,
      problemAt: (path, message) => problem(placeIn(document, path).nearest, path, message),
      problemAtKey: (path, message) => problem(placeIn(document, path).key, path, message),
      writtenAt: (path) => {
        const node = placeIn(document, path).value;
        return isScalar(node)
          ? { text: node.source ?? String(node.value), type: typeof node.value }
          : { text: String(node), type: 'list or map' };
      },
    },
  };
}

const failed = (message: string): YamlRead => ({
  ok: false,
  problems: [{ line: 1, column: 1, path: '', message }],
});

type Place = Pick<PolicyProblem, 'line' | 'column'>;

/** Not the library's own `LineCounter`: after a syntax error it can name lines that the text does not have. */
function placesIn(text: string): (offset: number) => Place {
  const lineStarts = [0, ...text.matchAll(/\n/g).map(({ index }) => index + 1)];
  return (offset) => {
    const inside = Math.min(offset, text.length);
    const line = lineStarts.findLastIndex((start) => start <= inside);
    return { line: line + 1, column: inside - (lineStarts[line] ?? 0) + 1 };
  };
}

function syntaxProblems(errors: readonly YAMLError[], place: (offset: number) => Place): PolicyProblem[] {
  const tooDeep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION'); // every level complains
  return (tooDeep === undefined ? errors : [tooDeep])
    .toSorted((a, b) => a.pos[0] - b.pos[0])
    .map((error) => ({ ...place(error.pos[0]), path: '', message: syntaxMessage(error) }));
}

function syntaxMessage({ code, message }: YAMLError): string {
  if (code === 'TAB_AS_INDENT') return 'YAML does not allow a tab here; indent with spaces.';
  if (code === 'MULTIPLE_DOCS') return 'A policy is one YAML document; remove this "---" and what follows.';
  if (code === 'NON_STRING_KEY') return 'A key must be text; write it as one word or in quotes.';
  if (code === 'TAG_RESOLVE_FAILED')
    return 'YAML tags mean nothing in a policy; remove the word that starts with "!".';
  if (code === 'RESOURCE_EXHAUSTION')
    return 'This is nested too deeply; close a bracket, or write it flatter.';
  return `This is not YAML (${message}); check quotes, brackets, colons and indentation here.`;
}

/** An endless value stands for what the library refuses: aliases that hold themselves, or that multiply. */
function toValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    const endless: unknown[] = [];
    endless.push(endless);
    return endless;
  }
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(levels - 1, part));
}
