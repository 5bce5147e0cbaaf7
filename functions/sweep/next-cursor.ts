import { OutsideError } from './errors.ts';
import type { ConversationPage } from './ports.ts';

/**
 * Where the page after this one begins; undefined after the last. `seen` remembers the cursors of one walk.
 * @throws OutsideError when Intercom leads in a circle.
 */
export function nextCursor({ next }: Pick<ConversationPage, 'next'>, seen: Set<string>): string | undefined {
  if (next === undefined) return undefined;
  if (seen.has(next)) {
    throw new OutsideError(
      'Intercom gave the same page cursor twice, so the conversations cannot be read to the end; run again later.',
      { retryable: true },
    );
  }
  seen.add(next);
  return next;
}
