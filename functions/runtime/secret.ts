import { PlatformError } from './platform-error.ts';

/** One secret, as text. What is in it is for the reader to check. */
export interface Secret {
  /**
   * `cached`: at most five minutes old. `fresh`: read again at once, for when the cached one was of no use; but not
   * within half a minute of the last time, so that nobody outside can make us read at every request.
   */
  read(age: 'cached' | 'fresh'): Promise<string>;
}

export interface SecretDeps {
  /** Powertools' `SecretsProvider`, which does the caching. */
  readonly provider: {
    get(
      name: string,
      options: { maxAge: number; forceFetch: boolean },
    ): Promise<string | Uint8Array | undefined>;
  };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const maxAgeSeconds = 300;
const freshAgainAfterMs = 30_000;

/** Every failure of `read` is a `PlatformError` `secret_unavailable`. */
export function secretNamed({ provider, now }: SecretDeps, name: string): Secret {
  let freshAt: number | undefined;

  async function fetch(forceFetch: boolean): Promise<string | Uint8Array | undefined> {
    try {
      return await provider.get(name, { maxAge: maxAgeSeconds, forceFetch });
    } catch (cause) {
      throw unavailable('could not be read; check that it exists and that the function may read it', cause);
    }
  }

  const unavailable = (what: string, cause?: unknown) =>
    new PlatformError('secret_unavailable', `The secret "${name}" ${what}.`, { cause });

  return {
    read: async (age) => {
      const mayForce = freshAt === undefined || now() - freshAt >= freshAgainAfterMs;
      const forceFetch = age === 'fresh' && mayForce;
      if (forceFetch || freshAt === undefined) freshAt = now();
      const value = await fetch(forceFetch);
      if (typeof value !== 'string') throw unavailable('holds no text; store it as a JSON text');
      return value;
    },
  };
}
