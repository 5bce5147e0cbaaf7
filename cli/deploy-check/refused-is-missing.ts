import { IntercomAccessError, IntercomRequestError } from '#intercom/intercom-error.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import { type Check, missing } from './check.ts';

/** A no of Intercom is an answer; that it gave none is not. */
export async function refusedIsMissing(look: () => Promise<Check>): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    const isNo =
      error instanceof IntercomAccessError ||
      error instanceof IntercomRequestError ||
      error instanceof ConfigurationError;
    if (isNo) return missing(error.message);
    throw error;
  }
}
