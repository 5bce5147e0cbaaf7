import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';

/** The folder of the project, which the paths below begin from. */
export const projectPath = join(import.meta.dirname, '..');

/** Beside the bundle; functions run in that folder. */
export const policyFileName = 'policy.yaml';

/** The entry points in `functions/handlers`, one a function. */
export type HandlerName = 'sweep' | 'webhook' | 'delete-on-event' | 'reconcile' | 'audit-query' | 'seal';

/** CommonJS packages inside an ES module still call `require` for Node's own modules. */
const requireBanner =
  "import{createRequire as topLevelRequire}from'node:module';const require=topLevelRequire(import.meta.url);";

/**
 * Where the AWS SDK looks for credentials on laptops and servers; Lambda sets them in the environment, where it looks first. It
 * loads each only when it needs it.
 */
const otherCredentials = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/** What reads event streams, which no call of these functions answers with. S3's client wants it at once; the others only when they need it. */
const neverLoaded = (handler: HandlerName): string[] =>
  handler === 'seal' ? otherCredentials : [...otherCredentials, '@smithy/core/event-streams'];

/** The same exports of axios without its adapter for Node, in whose place `functions/intercom` has one of its own. */
const axiosWithoutAdapter = join(projectPath, 'node_modules/axios/dist/esm/axios.js');

/** The ES modules of yaml, which shake better than the CommonJS that Node would get. */
const yamlModules = join(projectPath, 'node_modules/yaml/browser/dist/index.js');

const alias = {
  axios: axiosWithoutAdapter,
  yaml: yamlModules,
  '@aws-sdk/endpoint-cache': join(import.meta.dirname, 'unused-endpoint-cache.ts'),
};

/** How each handler becomes one file. `conditions` and `mainFields` prefer a package's ES modules, which shake better. */
const bundleOptions = (handler: HandlerName, outputFolder: string) =>
  ({
    absWorkingDir: projectPath,
    entryPoints: [join(projectPath, 'functions/handlers', `${handler}.ts`)],
    outfile: join(outputFolder, 'index.mjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    conditions: ['module'],
    banner: { js: requireBanner },
    alias,
    external: neverLoaded(handler),
    legalComments: 'none',
    logLevel: 'warning',
  }) satisfies BuildOptions;

/** Writes the bundle of one handler into a folder, with the policy beside it when it is given. */
export function writeBundle(
  handler: HandlerName,
  outputFolder: string,
  policyPath: string | undefined,
): void {
  buildSync(bundleOptions(handler, outputFolder));
  if (policyPath !== undefined) copyFileSync(policyPath, join(outputFolder, policyFileName));
}

/** The handler as a Lambda asset, bundled in this process: it needs neither Docker nor a network. */
export const bundledCode = (handler: HandlerName, policyPath: string | undefined): Code =>
  Code.fromAsset(join(projectPath, 'functions/handlers'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('unused'),
      command: [handler, policyPath ?? ''], // never run, but what CDK tells bundles apart by: it caches them
      local: {
        tryBundle(outputFolder) {
          writeBundle(handler, outputFolder, policyPath);
          return true;
        },
      },
    },
  });
