import { describe, expect, it } from 'vitest';
import { policyJsonSchema } from '#policy/policy-json-schema.ts';

describe('policyJsonSchema', () => {
  it('is what policy.schema.json holds, to be renewed with "npx vitest run -u"', async () => {
    const text = `${JSON.stringify(policyJsonSchema(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../../../policy.schema.json');
  });

  it('describes every key, so that an editor can show help', () => {
    expect(undescribedKeys(policyJsonSchema(), '')).toEqual([]);
  });
});

function undescribedKeys(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, part]: [string, unknown]) => {
    if (key !== 'properties') return undescribedKeys(part, `${path}/${key}`);
    const properties = Object.entries(part as Record<string, object>); // as JSON Schema has it
    const missing = properties.filter(
      ([, property]) => !('description' in property) && !('$ref' in property),
    );
    return [
      ...missing.map(([name]) => `${path}/${name}`),
      ...properties.flatMap(([name, property]) => undescribedKeys(property, `${path}/${name}`)),
    ];
  });
}
