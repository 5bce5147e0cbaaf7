/** What `make` made at the first call that succeeded. A failure is not kept: the next call tries again. */
export function keepFirstSuccess<Value>(make: () => Value | Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return async () => {
    made ??= Promise.resolve().then(make);
    try {
      return await made;
    } catch (error) {
      made = undefined;
      throw error;
    }
  };
}
