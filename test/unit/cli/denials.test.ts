import { describe, expect, it } from 'vitest';
import { deniedOnAudit } from '#audit/table-definitions.ts';
import { denialGuard, deniesPlainHttp } from '#cli/deploy-check/denials.ts';
import { readPolicyDocument } from '#cli/deploy-check/policy-document.ts';
import { auditAdmin as admin, auditTablePolicy, withChanged } from '#support/stack-policies.ts';

const open = { kind: 'open', actions: deniedOnAudit };

const isTable = (resource: string) => resource.endsWith(':table/audit');
const guardOf = (text: string | undefined) => denialGuard(readPolicyDocument(text), deniedOnAudit, isTable);
const changed = (change: object) =>
  JSON.stringify(withChanged(auditTablePolicy(), 'OnlyTheAuditAdminDeletes', change));
const everybodyBut = (...arns: string[]) => ({ ArnNotEquals: { 'aws:PrincipalArn': arns } });

describe('denialGuard', () => {
  it('finds the denial that the stack makes, and whom it spares', () => {
    expect(guardOf(JSON.stringify(auditTablePolicy()))).toEqual({ kind: 'denied', exceptTo: [admin] });
  });

  it.each([
    ['a principal written short', { Principal: '*' }],
    ['a table named by its ARN', { Resource: 'arn:aws:dynamodb:eu-west-1:123456789012:table/audit' }],
    ['every action', { Action: 'dynamodb:*' }],
    ['actions in small letters', { Action: deniedOnAudit.map((action) => action.toLowerCase()) }],
    ['all actions but one that does no harm', { Action: undefined, NotAction: 'dynamodb:Query' }],
    ['several spared', { Condition: everybodyBut(admin) }],
    ['a key of a condition in small letters', { Condition: { ArnNotEquals: { 'aws:principalarn': admin } } }],
  ])('takes %s for the same', (_what, change) => {
    expect(guardOf(changed(change))).toEqual({ kind: 'denied', exceptTo: [admin] });
  });

  it('spares nobody where there is no condition', () => {
    expect(guardOf(changed({ Condition: undefined }))).toEqual({ kind: 'denied', exceptTo: [] });
  });

  it.each([
    ['that allows', { Effect: 'Allow' }],
    ['for one principal', { Principal: { AWS: admin } }],
    ['for all services', { Principal: { Service: '*' } }],
    ['for all but one', { Principal: undefined, NotPrincipal: { AWS: admin } }],
    ['about an index', { Resource: 'arn:aws:dynamodb:eu-west-1:123456789012:table/audit/index/by_day' }],
    ['about all but something', { Resource: undefined, NotResource: 'arn:aws:dynamodb:::table/b' }],
    ['that spares whoever fits a pattern', { Condition: everybodyBut('arn:aws:iam::*:*') }],
    [
      'that spares whom the request names',
      { Condition: everybodyBut('arn:aws:iam::123456789012:role/$who') },
    ],
    ['on another condition', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    ['on an empty condition', { Condition: {} }],
    [
      'on a further condition',
      { Condition: { ...everybodyBut(admin), Bool: { 'aws:SecureTransport': 'false' } } },
    ],
    ['with an element that is not known', { Unless: 'Tuesday' }],
  ])('counts on no statement %s', (_what, change) => {
    expect(guardOf(changed(change))).toEqual(open);
  });

  it.each([undefined, '', 'no JSON', '{}', '[]', '{"Statement":[null,7,"x"]}'])(
    'counts on nothing in the policy %s',
    (text) => {
      expect(guardOf(text)).toEqual(open);
    },
  );

  it('names what is left open, whichever statements deny the rest', () => {
    const Action = deniedOnAudit.filter((action) => action !== 'dynamodb:UpdateTimeToLive');
    expect(guardOf(changed({ Action }))).toEqual({ kind: 'open', actions: ['dynamodb:UpdateTimeToLive'] });
  });

  it('spares only whom every denial spares', () => {
    const [denial] = auditTablePolicy().Statement;
    const twice = [
      { ...denial, Condition: everybodyBut(admin, 'arn:aws:iam::123456789012:role/a') },
      { ...denial, Condition: everybodyBut('arn:aws:iam::123456789012:role/b', admin) },
    ];
    expect(guardOf(JSON.stringify({ Statement: twice }))).toEqual({ kind: 'denied', exceptTo: [admin] });
  });
});

describe('deniesPlainHttp', () => {
  const denies = (change: object) => {
    const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
    const policy = readPolicyDocument(changed({ Condition, ...change }));
    return deniesPlainHttp(policy, 'dynamodb:DeleteItem', isTable);
  };

  it.each([
    ['as the stack writes it', {}],
    ['as a truth value', { Condition: { Bool: { 'aws:SecureTransport': false } } }],
    ['in a list', { Condition: { Bool: { 'aws:SecureTransport': ['false'] } } }],
    ['without any condition', { Condition: undefined }],
  ])('takes a denial %s', (_what, change) => {
    expect(denies(change)).toBe(true);
  });

  it.each([
    ['of what is encrypted', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }],
    [
      'that is left out when nobody says',
      { Condition: { BoolIfExists: { 'aws:SecureTransport': 'false' } } },
    ],
    ['to everybody but one', { Condition: everybodyBut(admin) }],
    ['to one', { Principal: { AWS: admin } }],
    ['of something else', { Action: 'dynamodb:Query' }],
  ])('takes no denial %s', (_what, change) => {
    expect(denies(change)).toBe(false);
  });
});
