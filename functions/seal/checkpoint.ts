/**
 * The head of a tree as text: https://c2sp.org/tlog-checkpoint. It is what gets signed, so there is one text for each head,
 * and any other text is no checkpoint.
 */
export interface Checkpoint {
  /** What the tree is of; one line. */
  readonly origin: string;
  /** Leaves. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** One line each, not empty. */
  readonly extensions: readonly string[];
}

export const formatCheckpoint = ({ origin, size, root, extensions }: Checkpoint): string =>
  [origin, String(size), Buffer.from(root).toString('base64'), ...extensions]
    .map((line) => `${line}\n`)
    .join('');

const sizePattern = /^(0|[1-9]\d{0,14})$/;

/** Undefined when `text` is no checkpoint. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin, size, root, ...others] = text.split('\n');
  const extensions = others.slice(0, -1);
  if (origin === undefined || origin === '' || others.at(-1) !== '') return undefined;
  if (size === undefined || !sizePattern.test(size)) return undefined;
  const rootBytes = root === undefined ? undefined : parseHash(root);
  if (rootBytes === undefined || extensions.includes('')) return undefined;
  return { origin, size: Number(size), root: rootBytes, extensions };
}

/** 32 bytes in base64, as only one text can say them; else undefined. */
export function parseHash(base64: string): Uint8Array | undefined {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length === 32 && bytes.toString('base64') === base64 ? bytes : undefined;
}
