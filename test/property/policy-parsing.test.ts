import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parsePolicy } from '#policy/parse-policy.ts';
import { policyJsonSchema } from '#policy/policy-json-schema.ts';
import { arbitraryPolicyDocument, type JsonObject } from '#support/arbitrary-policy.ts';
import { testWords } from '#support/policy-world.ts';

const arbitraryDocument = arbitraryPolicyDocument(testWords);
const isValidBySchema = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
  policyJsonSchema(),
);

/** The same text with a stretch of it replaced by something else. */
const arbitraryDamage = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.nat(text.length),
      fc.nat(12),
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 8 }),
        fc.constantFrom('\n', '\t', '- ', ': ', '{', '[', '*a', '&a ', '"', '---\n'),
      ),
    )
    .map(([at, length, insertion]) => text.slice(0, at) + insertion + text.slice(at + length));

/** A value somewhere in the document replaced, or a key added or taken away. */
function arbitraryChange(document: JsonObject): fc.Arbitrary<unknown> {
  const paths = pathsOf(document, []);
  const junk = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      0,
      -1,
      1.5,
      true,
      '',
      'closed',
      '30d',
      '5%',
      '2024-02-30',
      [],
      {},
      ['x', 'x'],
      { not: [] },
      { any: [] },
    ),
    fc.jsonValue(),
  );
  return fc.tuple(fc.constantFrom(...paths), junk).map(([path, value]) => replaceAt(document, path, value));
}

function pathsOf(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => pathsOf(part, [...path, key]))];
}

function replaceAt(value: unknown, [step, ...rest]: readonly string[], replacement: unknown): unknown {
  if (step === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((part: unknown, index) =>
      String(index) === step ? replaceAt(part, rest, replacement) : part,
    );
  const map = value as JsonObject; // the path came from this document
  return { ...map, [step]: replaceAt(map[step], rest, replacement) };
}

/** The same value with the keys of every map in another order. */
function shuffleKeys(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((part) => shuffleKeys(part, seed));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, shuffleKeys(part, seed + 1)] as const);
  return Object.fromEntries(
    entries.sort(
      ([a], [b]) => ((a.length * seed + a.charCodeAt(0)) % 7) - ((b.length * seed + b.charCodeAt(0)) % 7),
    ),
  );
}

function expectProblemsInside(text: string): void {
  const parse = parsePolicy(text);
  if (parse.ok) return;
  const lines = text.split('\n');
  expect(parse.problems.length).toBeGreaterThan(0);
  for (const { line, column, message } of parse.problems) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 2);
    expect(message).toMatch(/^[^\n]+\.$/);
  }
}

describe('parsePolicy', () => {
  it('takes every valid document, printed as YAML or as JSON, for the same policy', () => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        const fromYaml = parsePolicy(stringify(document));
        expect(fromYaml).toMatchObject({ ok: true });
        expect(parsePolicy(JSON.stringify(document))).toEqual(fromYaml);
        if (fromYaml.ok) expect(JSON.parse(fromYaml.canonicalJson)).toEqual(document);
      }),
    );
  });

  it('gives a hash that does not depend on comments, formatting or the order of keys', () => {
    fc.assert(
      fc.property(arbitraryDocument, fc.integer({ min: 1, max: 100 }), (document, seed) => {
        const shuffled = stringify(shuffleKeys(document, seed), {
          defaultKeyType: 'QUOTE_DOUBLE',
          indent: 4,
        });
        const commented = `# a comment\n${shuffled.replaceAll('\n', '  # another\r\n')}`;
        const [plain, dressed] = [parsePolicy(stringify(document)), parsePolicy(commented)];
        expect(plain.ok && dressed.ok && plain.hash === dressed.hash).toBe(true);
      }),
    );
  });

  it('gives another hash to another value', () => {
    fc.assert(
      fc.property(arbitraryDocument, arbitraryDocument, (one, another) => {
        const [a, b] = [parsePolicy(stringify(one)), parsePolicy(stringify(another))];
        if (!a.ok || !b.ok) throw new Error('The generator makes valid documents.');
        expect(a.hash === b.hash).toBe(a.canonicalJson === b.canonicalJson);
      }),
    );
  });

  it('reads its own canonical JSON as the same policy with the same hash', () => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        const parse = parsePolicy(stringify(document));
        expect(parse.ok && parsePolicy(parse.canonicalJson)).toEqual(parse);
      }),
    );
  });

  it('answers any text with a policy or with problems that stand inside the text, each one line', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), expectProblemsInside), {
      numRuns: 500,
    });
  });

  it('answers a damaged policy with a policy or with problems that stand inside the text, each one line', () => {
    const damaged = arbitraryDocument
      .map((document) => stringify(document))
      .chain(arbitraryDamage)
      .chain(arbitraryDamage);
    fc.assert(fc.property(damaged, expectProblemsInside), { numRuns: 500 });
  });
});

describe('policyJsonSchema', () => {
  it('accepts every valid document', () => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        expect(isValidBySchema(document)).toBe(true);
      }),
    );
  });

  it('never calls wrong in an editor what parses', () => {
    fc.assert(
      fc.property(arbitraryDocument.chain(arbitraryChange), (document) => {
        if (parsePolicy(JSON.stringify(document)).ok) expect(isValidBySchema(document)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
