/** For every client of AWS but the tables' own: it gives up on a call that hangs, and tries a failed one four times altogether. */
export const awsClientSettings = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;
