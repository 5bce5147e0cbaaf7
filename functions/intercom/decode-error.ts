/** Something in an answer is not what Intercom's documentation says. Names the place, never the value found there. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  /** `conversations[3].id`; empty for the answer as a whole. */
  readonly path: string;

  constructor(path: string, expected: string) {
    super(path === '' ? `it is not ${expected}` : `${path} is not ${expected}`);
    this.path = path;
  }
}
