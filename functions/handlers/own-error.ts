import { ConfigurationError, LeaseLostError, OutsideError } from '#sweep/errors.ts';

/** Whether an error's message was written here, by the rule that it holds no token, body or personal data. */
export const isOwnError = (error: Error): boolean =>
  error instanceof ConfigurationError || error instanceof OutsideError || error instanceof LeaseLostError;
