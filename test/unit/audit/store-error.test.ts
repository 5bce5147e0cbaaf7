import { describe, expect, it } from 'vitest';
import { toStoreError } from '#audit/store-error.ts';

const call = { commandName: 'PutItemCommand', tableName: 'audit', endpoint: undefined };
const named = (name: string, message = ''): Error => Object.assign(new Error(message), { name });

describe('toStoreError', () => {
  it.each([
    [
      named('ResourceNotFoundException'),
      'DynamoDB in this account and region has no table audit; create it, or name the right one and the right region.',
    ],
    [
      named('CredentialsProviderError', 'Could not load credentials from any providers'),
      'The AWS credentials are missing, wrong or expired (CredentialsProviderError); sign in again, or set AWS_PROFILE or the keys.',
    ],
    [
      new AggregateError([Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })]),
      'DynamoDB does not answer (ECONNREFUSED); check the network and AWS_REGION, and run again.',
    ],
    [
      Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }),
      'DynamoDB does not answer (ENOTFOUND); check the network and AWS_REGION, and run again.',
    ],
    [
      'a text that was thrown',
      'DynamoDB in this account and region refused dynamodb:PutItem on the table audit (unknown error); see the cause.',
    ],
  ])('says in one sentence what to do about %s', (error, message) => {
    expect(toStoreError(error, call)).toMatchObject({ message, cause: error });
  });

  it("leaves the endpoint's path out, which is a secret of the embedded store", () => {
    const endpoint = 'http://store.example:8000/secret';
    const unreachable = toStoreError(Object.assign(new Error('x'), { code: 'EPIPE' }), { ...call, endpoint });
    expect(unreachable.message).toBe(
      'The store at store.example:8000 does not answer (EPIPE); check the endpoint and the network, and run again.',
    );
  });
});
