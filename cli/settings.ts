import { type ApiVersion, parseApiVersion } from '#intercom/api-version.ts';
import { baseUrlOf, parseRegion, type Region } from '#intercom/region.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import { CliError, type Problem } from './cli-error.ts';
import type { CommonFlags } from './command-context.ts';
import type { Environment } from './environment.ts';
import { printable } from './printable.ts';

export interface IntercomSettings {
  readonly token: string;
  readonly version: ApiVersion;
  readonly baseUrl: string;
  /** Undefined when the base URL is set by hand. */
  readonly region: Region | undefined;
}

export type StoreSettings =
  | ({ readonly kind: 'local'; readonly dataDir: string } & Tables)
  | ({ readonly kind: 'dynamodb' } & Endpoint & Tables)
  /** The tables are those that the deployed stack of this name says. */
  | ({ readonly kind: 'stack'; readonly stack: string } & Endpoint);

interface Endpoint {
  /** Of DynamoDB; undefined for the one that AWS gives the region. */
  readonly endpoint: string | undefined;
}

interface Tables {
  readonly auditTable: string;
  readonly stateTable: string;
}

const defaultVersion = '2.16';
const defaultRegion = 'us';
const defaultDataDir = '.retention';
const localTables: Tables = { auditTable: 'retention-audit', stateTable: 'retention-state' };

/** A setting's parser: its value, or a problem put on the list. */
type Collect = <Value>(path: string, parse: () => Value) => Value | undefined;

/** Where Intercom is and who asks. @throws CliError that lists every problem. */
export const intercomSettings = (environment: Environment): IntercomSettings =>
  collecting((collect) => readIntercom(environment, collect));

/** Where audit trail and state are kept. @throws CliError that lists every problem. */
export const storeSettings = (environment: Environment, flags: CommonFlags): StoreSettings =>
  collecting((collect) => readStore(environment, flags, collect));

/** The deployed stack that is meant. @throws CliError when none is named, or what is named can be none. */
export const stackSetting = (environment: Environment, flags: CommonFlags): string =>
  collecting((collect) => collect('RETENTION_STACK', () => stackName(environment, flags)));

/** Both at once, so that what is wrong with either is listed together. @throws CliError */
export const allSettings = (
  environment: Environment,
  flags: CommonFlags,
): { readonly intercom: IntercomSettings; readonly store: StoreSettings } =>
  collecting((collect) => {
    const intercom = readIntercom(environment, collect);
    const store = readStore(environment, flags, collect);
    return intercom === undefined || store === undefined ? undefined : { intercom, store };
  });

/** With which Intercom signs the app's webhooks. @throws CliError when it is missing. */
export const clientSecret = (environment: Environment): string =>
  collecting((collect) =>
    collect('INTERCOM_CLIENT_SECRET', () =>
      parseSecret('INTERCOM_CLIENT_SECRET', 'client secret', environment['INTERCOM_CLIENT_SECRET']),
    ),
  );

export const policyPath = (environment: Environment, flags: CommonFlags): string =>
  flags.policy ?? environment['RETENTION_POLICY'] ?? 'retention.yaml';

/** The folder of this tool on this machine. */
export const dataDir = (environment: Environment, flags: CommonFlags): string =>
  flags.dataDir ?? environment['RETENTION_DATA_DIR'] ?? defaultDataDir;

function readIntercom(environment: Environment, collect: Collect): IntercomSettings | undefined {
  const token = collect('INTERCOM_ACCESS_TOKEN', () =>
    parseSecret('INTERCOM_ACCESS_TOKEN', 'access token', environment['INTERCOM_ACCESS_TOKEN']),
  );
  const version = collect('INTERCOM_VERSION', () =>
    parseApiVersion(environment['INTERCOM_VERSION'] ?? defaultVersion),
  );
  const byHand = environment['INTERCOM_BASE_URL'];
  const region =
    byHand === undefined
      ? collect('INTERCOM_REGION', () => parseRegion(environment['INTERCOM_REGION'] ?? defaultRegion))
      : undefined;
  const baseUrl =
    byHand === undefined
      ? region && baseUrlOf(region)
      : collect('INTERCOM_BASE_URL', () => parseUrl('INTERCOM_BASE_URL', byHand));
  if (token === undefined || version === undefined || baseUrl === undefined) return undefined;
  return { token, version, baseUrl, region };
}

function readStore(
  environment: Environment,
  flags: CommonFlags,
  collect: Collect,
): StoreSettings | undefined {
  const kind = collect('RETENTION_STORE', () => storeKind(environment, flags));
  if (kind === undefined) return undefined;
  if (kind === 'local') {
    return { kind, dataDir: dataDir(environment, flags), ...localTables };
  }
  const tables = kind === 'stack' ? undefined : readTables(environment, collect);
  const stack =
    kind === 'stack' ? collect('RETENTION_STACK', () => stackName(environment, flags)) : undefined;
  const byHand = environment['AWS_ENDPOINT_URL_DYNAMODB'];
  const endpoint =
    byHand === undefined
      ? undefined
      : collect('AWS_ENDPOINT_URL_DYNAMODB', () => parseUrl('AWS_ENDPOINT_URL_DYNAMODB', byHand));
  if (stack !== undefined) return { kind: 'stack', stack, endpoint };
  return tables === undefined ? undefined : { kind: 'dynamodb', ...tables, endpoint };
}

function readTables(environment: Environment, collect: Collect): Tables | undefined {
  const auditTable = collect('AUDIT_TABLE', () => parseTable('AUDIT_TABLE', environment['AUDIT_TABLE']));
  const stateTable = collect('STATE_TABLE', () => parseTable('STATE_TABLE', environment['STATE_TABLE']));
  return auditTable === undefined || stateTable === undefined ? undefined : { auditTable, stateTable };
}

/** A stack implies DynamoDB. Where the same voice says both local and a stack, somebody must say which is meant. */
function storeKind(environment: Environment, flags: CommonFlags): StoreSettings['kind'] {
  const { RETENTION_STORE: store, RETENTION_STACK: stack } = environment;
  if (flags.stack !== undefined) {
    if (flags.store !== 'local') return 'stack';
    throw new ConfigurationError('--store local and --stack name two stores; leave one of them out.');
  }
  const kind = flags.store ?? (store === undefined ? undefined : parseStoreKind(store));
  if (stack === undefined) return kind ?? 'local';
  if (kind !== 'local') return 'stack';
  if (flags.store === 'local') return 'local';
  throw new ConfigurationError(
    'RETENTION_STORE is "local", but RETENTION_STACK names a stack; unset one of them, or say --store or --stack.',
  );
}

function collecting<Value>(read: (collect: Collect) => Value | undefined): Value {
  const problems: Problem[] = [];
  const value = read((path, parse) => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      problems.push({ path, message: error.message });
      return undefined;
    }
  });
  if (value !== undefined && problems.length === 0) return value;
  throw new CliError('settings_invalid', problems.map(({ message }) => message).join('\n'), problems);
}

function parseSecret(name: string, what: string, text: string | undefined): string {
  if (text === undefined) {
    throw new ConfigurationError(`${name} is not set; put the ${what} into the environment or into .env.`);
  }
  if (/[^\x21-\x7e]/.test(text)) {
    throw new ConfigurationError(
      `${name} holds blanks or characters that no ${what} has; copy the ${what} again.`,
    );
  }
  return text;
}

function parseStoreKind(text: string): 'local' | 'dynamodb' {
  if (text === 'local' || text === 'dynamodb') return text;
  throw new ConfigurationError(`RETENTION_STORE is "${text}"; set it to local or dynamodb.`);
}

function stackName(environment: Environment, flags: CommonFlags): string {
  const name = flags.stack ?? environment['RETENTION_STACK'];
  if (name === undefined) {
    throw new ConfigurationError(
      'No deployed stack is named; say --stack or set RETENTION_STACK, such as IntercomRetention-production.',
    );
  }
  // CloudFormation's own naming rule.
  if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name)) {
    throw new ConfigurationError(
      `The stack is "${printable(name)}"; give the name of a CloudFormation stack, such as IntercomRetention-production.`,
    );
  }
  return name;
}

function parseTable(name: 'AUDIT_TABLE' | 'STATE_TABLE', text: string | undefined): string {
  if (text === undefined) {
    throw new ConfigurationError(
      `${name} is not set; --store dynamodb needs the name of that table, or --stack the name of a deployed stack.`,
    );
  }
  // DynamoDB's own naming rule, which also leaves room for an ARN out: tables of other accounts are not for this tool.
  if (!/^[\w.-]{3,255}$/.test(text)) {
    throw new ConfigurationError(
      `${name} is "${text}"; a DynamoDB table has 3 to 255 letters, digits, dots, dashes or underscores in its name.`,
    );
  }
  return text;
}

function parseUrl(name: string, text: string): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new ConfigurationError(`${name} is "${text}"; give a URL that begins with https:// or http://.`);
  }
  return text.replace(/\/+$/, '');
}
