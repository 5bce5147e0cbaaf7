import { describe, expect, it } from 'vitest';
import { CliError } from '#cli/cli-error.ts';
import type { CommonFlags } from '#cli/command-context.ts';
import { allSettings, intercomSettings, policyPath, storeSettings } from '#cli/settings.ts';

const noFlags: CommonFlags = {
  json: false,
  quiet: false,
  policy: undefined,
  store: undefined,
  dataDir: undefined,
};
const token = { INTERCOM_ACCESS_TOKEN: 'made-up-token' };

const problemsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof CliError) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
};

describe('intercomSettings', () => {
  it('takes version 2.16 and the region us unless others are named', () => {
    expect(intercomSettings(token)).toEqual({
      token: 'made-up-token',
      version: '2.16',
      region: 'us',
      baseUrl: 'https://api.intercom.io',
    });
    expect(intercomSettings({ ...token, INTERCOM_VERSION: '2.14', INTERCOM_REGION: 'eu' })).toMatchObject({
      version: '2.14',
      region: 'eu',
      baseUrl: 'https://api.eu.intercom.io',
    });
  });

  it('lets the base URL override the region, and drops the slashes at its end', () => {
    const settings = intercomSettings({
      ...token,
      INTERCOM_REGION: 'nowhere',
      INTERCOM_BASE_URL: 'http://127.0.0.1:8080//',
    });
    expect(settings).toMatchObject({ baseUrl: 'http://127.0.0.1:8080', region: undefined });
  });

  it.each([
    [
      'a missing token',
      {},
      'INTERCOM_ACCESS_TOKEN is not set; put the access token into the environment or into .env.',
    ],
    [
      'a token with a line break',
      { INTERCOM_ACCESS_TOKEN: 'made-up\ntoken' },
      'INTERCOM_ACCESS_TOKEN holds blanks',
    ],
    ['version 2.12', { ...token, INTERCOM_VERSION: '2.12' }, 'Version 2.12'],
    [
      'an unknown region',
      { ...token, INTERCOM_REGION: 'mars' },
      'INTERCOM_REGION is "mars"; set it to us, eu or au.',
    ],
    [
      'a base URL that is none',
      { ...token, INTERCOM_BASE_URL: 'localhost:8080' },
      'INTERCOM_BASE_URL is "localhost:8080"',
    ],
  ])('refuses %s in a sentence', (_what, environment, sentence) => {
    expect(() => intercomSettings(environment)).toThrow(sentence);
  });

  it('never repeats the token', () => {
    const read = () => intercomSettings({ INTERCOM_ACCESS_TOKEN: 'secret value' });
    expect(read).toThrow(CliError);
    expect(read).not.toThrow('secret');
  });
});

describe('storeSettings', () => {
  it('keeps everything in the folder .retention unless told otherwise', () => {
    expect(storeSettings({}, noFlags)).toMatchObject({ kind: 'local', dataDir: '.retention' });
  });

  it('takes flags before the environment', () => {
    const environment = { RETENTION_STORE: 'dynamodb', RETENTION_DATA_DIR: 'from-environment' };
    expect(storeSettings(environment, { ...noFlags, store: 'local' })).toMatchObject({
      dataDir: 'from-environment',
    });
    expect(storeSettings(environment, { ...noFlags, store: 'local', dataDir: 'from-flag' })).toMatchObject({
      dataDir: 'from-flag',
    });
  });

  it('takes the tables and the endpoint of DynamoDB from the environment', () => {
    const environment = {
      AUDIT_TABLE: 'audit',
      STATE_TABLE: 'state',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
    };
    expect(storeSettings(environment, { ...noFlags, store: 'dynamodb' })).toEqual({
      kind: 'dynamodb',
      auditTable: 'audit',
      stateTable: 'state',
      endpoint: 'http://127.0.0.1:8000',
    });
  });

  it('names every table that is missing', () => {
    expect(problemsOf(() => storeSettings({}, { ...noFlags, store: 'dynamodb' }))).toEqual([
      'AUDIT_TABLE',
      'STATE_TABLE',
    ]);
  });

  it('takes the tables of a deployed stack, which implies DynamoDB and comes before tables that are named', () => {
    const tables = { AUDIT_TABLE: 'audit', STATE_TABLE: 'state' };
    const stack = { kind: 'stack', stack: 'Retention-eu', endpoint: undefined };
    expect(storeSettings({}, { ...noFlags, stack: 'Retention-eu' })).toEqual(stack);
    expect(storeSettings({}, { ...noFlags, stack: 'Retention-eu', store: 'dynamodb' })).toEqual(stack);
    expect(storeSettings({ RETENTION_STACK: 'Retention-eu', ...tables }, noFlags)).toEqual(stack);
    const other = { RETENTION_STACK: 'Retention-us', RETENTION_STORE: 'local' };
    expect(storeSettings(other, { ...noFlags, stack: 'Retention-eu' })).toEqual(stack);
  });

  it('lets the flag that says local win over a stack in the environment, and refuses every other contradiction', () => {
    const environment = { RETENTION_STACK: 'Retention-eu' };
    expect(storeSettings(environment, { ...noFlags, store: 'local' })).toMatchObject({ kind: 'local' });
    expect(() => storeSettings({}, { ...noFlags, store: 'local', stack: 'Retention-eu' })).toThrow(
      '--store local and --stack name two stores; leave one of them out.',
    );
    expect(() => storeSettings({ ...environment, RETENTION_STORE: 'local' }, noFlags)).toThrow(
      'RETENTION_STORE is "local", but RETENTION_STACK names a stack; unset one of them, or say --store or --stack.',
    );
  });

  it('refuses a name that no stack can have', () => {
    expect(() => storeSettings({}, { ...noFlags, stack: 'arn:aws:cloudformation:x' })).toThrow(
      'The stack is "arn:aws:cloudformation:x"; give the name of a CloudFormation stack',
    );
  });

  it('refuses a kind of store that is none', () => {
    expect(() => storeSettings({ RETENTION_STORE: 's3' }, noFlags)).toThrow(
      'RETENTION_STORE is "s3"; set it to local or dynamodb.',
    );
  });
});

describe('allSettings', () => {
  it('names everything that is wrong at once', () => {
    const environment = {
      INTERCOM_VERSION: '1.4',
      INTERCOM_REGION: 'mars',
      RETENTION_STORE: 'dynamodb',
      STATE_TABLE: '?',
      AWS_ENDPOINT_URL_DYNAMODB: 'nowhere',
    };
    expect(problemsOf(() => allSettings(environment, noFlags))).toEqual([
      'INTERCOM_ACCESS_TOKEN',
      'INTERCOM_VERSION',
      'INTERCOM_REGION',
      'AUDIT_TABLE',
      'STATE_TABLE',
      'AWS_ENDPOINT_URL_DYNAMODB',
    ]);
  });
});

describe('policyPath', () => {
  it('takes the flag, then the environment, then retention.yaml', () => {
    expect(policyPath({ RETENTION_POLICY: 'eu.yaml' }, { ...noFlags, policy: 'us.yaml' })).toBe('us.yaml');
    expect(policyPath({ RETENTION_POLICY: 'eu.yaml' }, noFlags)).toBe('eu.yaml');
    expect(policyPath({}, noFlags)).toBe('retention.yaml');
  });
});
