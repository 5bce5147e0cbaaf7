/** The pieces that the policy's schema is made of. Their messages are for the person who writes the policy. */
import * as z from 'zod';
import { durationHelp, durationPattern, parseDuration } from './duration.ts';
import { isoDateHelp, isoDatePattern, parseIsoDate } from './iso-date.ts';
import { nearestName } from './nearest-name.ts';
import type { Choice } from './policy.ts';
import { parseShare, shareHelp, sharePattern } from './share.ts';

/**
 * A map with these keys and no others. Its message on unknown keys has one line for each, in the order in which zod
 * lists them.
 */
export function section<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => unknownKeyMessage(key, Object.keys(shape))).join('\n')
        : undefined,
  });
}

const unknownKeyMessage = (key: string, known: readonly string[]): string =>
  `${JSON.stringify(key)} is not a key here; the nearest is "${nearestName(key, known)}".`;

/** When a demand on a whole section is checked: not when a part of it is wrong or unknown, and so does not count. */
export const whenSound = ({ issues }: z.core.ParsePayload): boolean =>
  issues.every((issue) => issue.continue === true && issue.code !== 'unrecognized_keys');

/** A section that demands at least one of its keys. */
export function demandingSection<Shape extends z.ZodRawShape>(shape: Shape) {
  const keys = Object.keys(shape);
  return section(shape)
    .refine((value) => Object.keys(value).length > 0, {
      error: `This says nothing; give at least one of ${keys.join(', ')}, or remove the key.`,
      when: whenSound,
    })
    .meta({ minProperties: 1 });
}

/** Text that `parse` understands; everything else is answered with what was expected. */
function parsedText<Value>(pattern: RegExp, parse: (text: string) => Value | undefined, help: string) {
  const message = `Expected ${help}.`;
  return z
    .string(message)
    .regex(pattern, message)
    .transform((text, context) => {
      const value = parse(text);
      if (value !== undefined) return value;
      context.issues.push({ code: 'custom', message, input: text });
      return z.NEVER;
    });
}

export const duration = parsedText(durationPattern, parseDuration, durationHelp);
export const share = parsedText(sharePattern, parseShare, shareHelp);
export const date = parsedText(isoDatePattern, parseIsoDate, isoDateHelp);

export const text = z.string().min(1);
export const count = z.int().min(0);

/** `value`, `[value, …]` or `{not: …}` with either. */
export function choice<Value extends string | number | boolean>(value: z.ZodType<Value>) {
  const oneOf = z.union([value.transform((only) => [only]), z.array(value).min(1)]);
  const noneOf = section({ not: oneOf.describe('Everything but this.') });
  return z.union([
    oneOf.transform((values): Choice<Value> => ({ negated: false, values })),
    noneOf.transform(({ not }): Choice<Value> => ({ negated: true, values: not })),
  ]);
}
