import type { WorkspaceId } from '#policy/ids.ts';
import { ConfigurationError } from '#sweep/errors.ts';

/** What keys are put together from. No part can hold a bare `#`, so different parts never give the same key. */

/** So that no key passes DynamoDB's bounds (2,048 bytes for `pk`, 1,024 for `sk`), escapes and all. */
const maxPartBytes = 300;

/** @throws ConfigurationError for a text that cannot be part of a key. */
export function part(name: string, text: string): string {
  if (text === '') throw new ConfigurationError(`The ${name} is empty; give one.`);
  if (!text.isWellFormed()) {
    throw new ConfigurationError(`The ${name} holds half of a character; give valid Unicode text.`);
  }
  const escaped = escapePart(text);
  if (Buffer.byteLength(escaped) > maxPartBytes) {
    throw new ConfigurationError(`The ${name} is longer than ${maxPartBytes} bytes; give a shorter one.`);
  }
  return escaped;
}

/** So that no text can pass for two parts. */
export const escapePart = (text: string): string => text.replaceAll('%', '%25').replaceAll('#', '%23');

const maxNumber = 999_999;

/** Six digits, so that text order is number order. */
export function numberPart(name: string, number: number): string {
  if (!Number.isInteger(number) || number < 0 || number > maxNumber) {
    throw new RangeError(`The ${name} ${number} is not between 0 and ${maxNumber}.`);
  }
  return String(number).padStart(6, '0');
}

export const inWorkspace = (id: WorkspaceId): string => `WS#${part('workspace id', id)}`;
