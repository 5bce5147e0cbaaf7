import type { Facts } from '#policy/facts.ts';
import { DecodeError } from './decode-error.ts';
import { decodeFacts } from './decode-facts.ts';
import { asArray, asCount, asObject } from './wire-value.ts';

interface DecodedPage {
  readonly facts: readonly Facts[];
  /** Items without a readable id. */
  readonly unreadable: number;
  readonly total: number | undefined;
  readonly next: string | undefined;
}

/**
 * A page of `GET /conversations` or `POST /conversations/search`. The words in `type` differ from place to place and are not
 * looked at.
 * @param cursor the one that led to this page; undefined on the first.
 * @throws DecodeError when there is no list, or when it goes on in a way that we cannot follow: stopping there would look
 * like the end.
 */
export function decodePage(wire: unknown, cursor: string | undefined): DecodedPage {
  const page = asObject(wire);
  // The description of 2.7 says `data`.
  const items = asArray(page?.['conversations'] ?? page?.['data']);
  if (page === undefined || items === undefined) throw new DecodeError('conversations', 'a list');
  const facts: Facts[] = [];
  for (const item of items) {
    const decoded = decodeFacts(item);
    if (decoded !== undefined) facts.push(decoded);
  }
  const next = decodeNext(page['pages']);
  if (next !== undefined && next === cursor) throw new DecodeError('pages.next', 'a step onwards');
  return { facts, unreadable: items.length - facts.length, total: asCount(page['total_count']), next };
}

function decodeNext(pages: unknown): string | undefined {
  if (isNothing(pages)) return undefined;
  const decoded = asObject(pages);
  if (decoded === undefined) throw new DecodeError('pages', 'an object');
  const next = decoded['next'];
  if (isNothing(next)) return undefined;
  if (typeof next === 'string') return cursorInUrl(next);
  const cursor = asObject(next);
  if (cursor === undefined) throw new DecodeError('pages.next', 'an object');
  const startingAfter = cursor['starting_after'];
  if (isNothing(startingAfter)) return undefined;
  if (typeof startingAfter === 'string') return startingAfter;
  throw new DecodeError('pages.next.starting_after', 'a cursor');
}

/** All of these mean that there is no next page. */
const isNothing = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Only the cursor is taken: a URL in a body is never followed. */
function cursorInUrl(url: string): string {
  const cursor = URL.parse(url)?.searchParams.get('starting_after') ?? '';
  if (cursor === '') throw new DecodeError('pages.next', 'a cursor');
  return cursor;
}
