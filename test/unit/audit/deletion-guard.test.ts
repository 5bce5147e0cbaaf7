import { describe, expect, it } from 'vitest';
import { deletionGuard } from '#audit/deletion-guard.ts';
import { deniedOnAudit } from '#audit/table-definitions.ts';
import { auditTablePolicy } from '#support/deployed-aws.ts';

const admin = 'arn:aws:iam::123456789012:role/intercom-retention-audit-admin';
const open = { kind: 'open', actions: deniedOnAudit };

describe('deletionGuard', () => {
  it('finds the denial that the stack makes, and whom it spares', () => {
    expect(deletionGuard(auditTablePolicy(), deniedOnAudit)).toEqual({ kind: 'denied', exceptTo: [admin] });
  });

  it.each([
    ['a principal written short', { Principal: '*' }],
    ['a table named by its ARN', { Resource: 'arn:aws:dynamodb:eu-west-1:123456789012:table/audit' }],
    ['every action', { Action: 'dynamodb:*' }],
    ['several spared', { Condition: { ArnNotEquals: { 'aws:PrincipalArn': [admin] } } }],
  ])('takes %s for the same', (_what, change) => {
    expect(deletionGuard(auditTablePolicy(change), deniedOnAudit)).toEqual({
      kind: 'denied',
      exceptTo: [admin],
    });
  });

  it('spares nobody where there is no condition', () => {
    expect(deletionGuard(auditTablePolicy({ Condition: undefined }), deniedOnAudit)).toEqual({
      kind: 'denied',
      exceptTo: [],
    });
  });

  it.each([
    ['that allows', { Effect: 'Allow' }],
    ['for one principal', { Principal: { AWS: admin } }],
    ['about an index', { Resource: 'arn:aws:dynamodb:eu-west-1:123456789012:table/audit/index/by_day' }],
    [
      'that spares whoever fits a pattern',
      { Condition: { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*:*' } } },
    ],
    ['on another condition', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    [
      'on a further condition',
      {
        Condition: {
          ArnNotEquals: { 'aws:PrincipalArn': admin },
          Bool: { 'aws:SecureTransport': 'false' },
        },
      },
    ],
  ])('counts on no statement %s', (_what, change) => {
    expect(deletionGuard(auditTablePolicy(change), deniedOnAudit)).toEqual(open);
  });

  it.each([undefined, '', 'no JSON', '{}', '{"Statement":[null,7,"x"]}'])(
    'counts on nothing in the policy %s',
    (text) => {
      expect(deletionGuard(text, deniedOnAudit)).toEqual(open);
    },
  );

  it('names what is left open, whichever statements deny the rest', () => {
    const Action = deniedOnAudit.filter((action) => action !== 'dynamodb:UpdateTimeToLive');
    expect(deletionGuard(auditTablePolicy({ Action }), deniedOnAudit)).toEqual({
      kind: 'open',
      actions: ['dynamodb:UpdateTimeToLive'],
    });
  });
});
