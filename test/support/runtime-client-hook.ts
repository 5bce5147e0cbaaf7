import { registerHooks } from 'node:module';

/** Preloaded into the runtime interface client; see `runtime-client.cts`. */
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier.endsWith('rapid-client.node')
      ? {
          url: new URL('./runtime-client.cts', import.meta.url).href,
          format: 'commonjs-typescript',
          shortCircuit: true,
        }
      : nextResolve(specifier, context),
});
