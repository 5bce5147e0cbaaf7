import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

/** Intercom's own descriptions of its API. They are not part of this project; tests that need them say so and are skipped without. */
const folder = process.env['OPENAPI_DIR'] ?? join(import.meta.dirname, '../../../shared/intercom-openapi');

type Json = Record<string, unknown>;

export interface OpenApi {
  /** What is wrong with an answer, one line each: against the schema, and names that neither the schema nor an example knows. */
  answerProblems(operation: string, status: number, body: unknown): string[];
  /** What is wrong with a value, by the schema of that name; unknown names too. */
  schemaProblems(schemaName: string, value: unknown): string[];
  /** What is wrong with the query parameters and the body of a request. */
  requestProblems(operation: string, query: URLSearchParams, body: unknown): string[];
}

/** Undefined, with a word on stderr, when the description is not there. */
export function openApi(version: string): OpenApi | undefined {
  const file = join(folder, `${version}.yaml`);
  if (!existsSync(file)) {
    process.stderr.write(`SKIPPED: contract tests against ${file}, which is not there. Set OPENAPI_DIR.\n`);
    return undefined;
  }
  return describedBy(parse(readFileSync(file, 'utf8')) as Json);
}

function describedBy(description: Json): OpenApi {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'api', components: toJsonSchema(description['components']) });
  const compiled = new Map<string, ValidateFunction>();

  const validate = (pointer: string, value: unknown): string[] => {
    const check =
      compiled.get(pointer) ??
      ajv.compile(pointer.startsWith('{') ? (JSON.parse(pointer) as Json) : { $ref: pointer });
    compiled.set(pointer, check);
    check(value);
    return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
  const schemaOf = (reference: string) => at(description, reference.slice(2).split('/'));
  const operationOf = (operation: string) => {
    const [method = '', path = ''] = operation.split(' ');
    return at(description, ['paths', path, method.toLowerCase()]);
  };

  return {
    answerProblems(operation, status, body) {
      const content = at(operationOf(operation), [
        'responses',
        String(status),
        'content',
        'application/json',
      ]);
      if (content === undefined) return [`${operation} documents no ${status}`];
      const schema = content['schema'] as Json;
      const examples = Object.values((content['examples'] ?? {}) as Json).map(
        (example) => (example as Json)['value'],
      );
      return [
        ...validate(JSON.stringify(toJsonSchema(schema)), body),
        ...unknownNames(body, [schema], examples, schemaOf, ''),
      ];
    },
    schemaProblems(schemaName, value) {
      const reference = `#/components/schemas/${schemaName}`;
      return [
        ...validate(`api${reference}`, value),
        ...unknownNames(value, [{ $ref: reference }], [], schemaOf, ''),
      ];
    },
    requestProblems(operation, query, body) {
      const described = operationOf(operation);
      const parameters = ((described?.['parameters'] ?? []) as Json[]).filter(
        (parameter) => parameter['in'] === 'query',
      );
      const problems = [...query].flatMap(([name, text]) => {
        const parameter = parameters.find((candidate) => candidate['name'] === name);
        if (parameter === undefined) return [`there is no query parameter ${name}`];
        const schema = toJsonSchema(parameter['schema']) as Json;
        return validate(JSON.stringify(schema), schema['type'] === 'string' ? text : parseLoosely(text));
      });
      const schema = at(described, ['requestBody', 'content', 'application/json', 'schema']);
      if (body === undefined) return problems;
      if (schema === undefined) return [...problems, `${operation} takes no body`];
      return [...problems, ...validate(JSON.stringify(toJsonSchema(schema)), body)];
    },
  };
}

function at(node: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((found, name) => found?.[name] as Json | undefined, node);
}

function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** OpenAPI 3.0 says `nullable` where JSON Schema says `null`, and `date-time` of whole numbers. */
function toJsonSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toJsonSchema);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, example: _, examples: __, format, ...rest } = node as Json;
  const schema: Json = {};
  for (const [name, value] of Object.entries(rest)) {
    schema[name] = name === '$ref' ? `api${String(value)}` : toJsonSchema(value);
  }
  // A property that is named `format` or `nullable` holds a schema, not a word.
  if (typeof format === 'object') schema['format'] = toJsonSchema(format);
  else if (format !== undefined && schema['type'] === 'string') schema['format'] = format;
  if (typeof nullable === 'object') schema['nullable'] = toJsonSchema(nullable);
  return nullable === true ? orNull(schema) : schema;
}

function orNull(schema: Json): Json {
  if (typeof schema['type'] !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values = schema['enum'];
  return {
    ...schema,
    type: [schema['type'], 'null'],
    ...(Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {}),
  };
}

/** Names in the value that neither the schemas nor the examples at the same place know. */
function unknownNames(
  value: unknown,
  schemas: readonly Json[],
  examples: readonly unknown[],
  schemaOf: (reference: string) => Json | undefined,
  path: string,
): string[] {
  const flat = schemas.flatMap((schema) => flatten(schema, schemaOf));
  if (Array.isArray(value)) {
    const items = flat.flatMap((schema) => (schema['items'] === undefined ? [] : [schema['items'] as Json]));
    const itemExamples = examples.flatMap((example) =>
      Array.isArray(example) ? (example as unknown[]) : [],
    );
    return [
      ...new Set(value.flatMap((item) => unknownNames(item, items, itemExamples, schemaOf, `${path}[]`))),
    ];
  }
  if (typeof value !== 'object' || value === null) return [];
  if (flat.some((schema) => schema['additionalProperties'] !== undefined)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const known = flat.flatMap(
      (schema) => (schema['properties'] as Json | undefined)?.[name] ?? [],
    ) as Json[];
    const shown = examples.flatMap((example) =>
      typeof example === 'object' && example !== null && name in example ? [(example as Json)[name]] : [],
    );
    if (known.length === 0) return shown.length === 0 ? [`${path}.${name} is not known`] : [];
    return unknownNames(member, known, shown, schemaOf, `${path}.${name}`);
  });
}

/** The schema itself and all that it is made of. */
function flatten(schema: Json, schemaOf: (reference: string) => Json | undefined): Json[] {
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((name) => (schema[name] ?? []) as Json[]);
  const reference = schema['$ref'];
  const target = typeof reference === 'string' ? schemaOf(reference) : undefined;
  return [
    schema,
    ...[...parts, ...(target === undefined ? [] : [target])].flatMap((part) => flatten(part, schemaOf)),
  ];
}
