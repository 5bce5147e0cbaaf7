/** A search that is refused with 400. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly field: string;

  constructor(field: string, reason: string) {
    super(`${field} ${reason}`);
    this.field = field;
  }
}
