/**
 * Does `work` for each input, up to `ahead` at a time, and gives the results in the order of the inputs. No more than
 * `ahead` results wait in memory.
 */
export async function* inOrder<Input, Result>(
  inputs: Iterable<Input>,
  ahead: number,
  work: (input: Input) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  for (const input of inputs) {
    underWay.push(startedEarly(work(input)));
    const first = underWay.length < ahead ? undefined : underWay.shift();
    if (first !== undefined) yield await first;
  }
  for (const result of underWay) yield await result;
}

/** A failure is met when the result's turn comes, or not at all when the reader stops before. */
function startedEarly<Result>(result: Promise<Result>): Promise<Result> {
  result.catch(() => undefined);
  return result;
}
