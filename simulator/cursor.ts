import type { Position } from './recency-view.ts';

/** As seen in Intercom's own cursors: base64 of `[time of the last change in ms, id, number of the next page]`. */
export interface Cursor {
  readonly position: Position;
  readonly page: number;
}

export const encodeCursor = ({ position, page }: Cursor): string =>
  Buffer.from(JSON.stringify([position.updatedAt * 1000, position.id, page])).toString('base64');

/** Undefined for a text that is no cursor. */
export function decodeCursor(text: string): Cursor | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [updatedAtMs, id, page] = parts as unknown[]; // what JSON.parse gives is `any`
  if (typeof updatedAtMs !== 'number' || typeof id !== 'number' || typeof page !== 'number') return undefined;
  return { position: { updatedAt: updatedAtMs / 1000, id }, page };
}
