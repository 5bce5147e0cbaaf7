import type { IncomingMessage } from 'node:http';
import { deployedStack } from '#support/deployed-aws-state.ts';

export type Input = Readonly<Record<string, string>>;

/** In what an operation is answered. A bucket's policy is the body itself. */
type Wire = 'json' | 'form' | 's3' | 's3_policy';

/** S3 knows its operations by a word in the query. */
const operationsOfS3: Readonly<Record<string, string>> = {
  'object-lock': 'GetObjectLockConfiguration',
  versioning: 'GetBucketVersioning',
  publicAccessBlock: 'GetPublicAccessBlock',
  policy: 'GetBucketPolicy',
};

/** AWS's protocols: by a form, by a header, and by the path. */
export function readCall(
  request: IncomingMessage,
  body: string,
): { readonly operation: string; readonly input: Input; readonly wire: Wire } {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string')
    return { operation: target.split('.')[1] ?? '', input: JSON.parse(body), wire: 'json' };
  const schedule = /^\/schedules\/([^?]+)/.exec(request.url ?? '')?.[1];
  if (schedule !== undefined)
    return { operation: 'GetSchedule', input: { Name: decodeURIComponent(schedule) }, wire: 'json' };
  const ofS3 = operationsOfS3[/\?([\w-]+)/.exec(request.url ?? '')?.[1] ?? ''];
  if (ofS3 !== undefined)
    return { operation: ofS3, input: {}, wire: ofS3 === 'GetBucketPolicy' ? 's3_policy' : 's3' };
  const form = Object.fromEntries(new URLSearchParams(body));
  return { operation: form['Action'] ?? '', input: form, wire: 'form' };
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

interface XmlAnswer {
  readonly __type?: string;
  readonly message?: string;
  readonly stackStatus?: string;
  readonly outputs?: readonly (readonly [string, string])[];
  readonly roles?: readonly (readonly [string, string])[];
  readonly nextToken?: string;
  readonly Subscriptions?: readonly string[];
  readonly policy?: string;
  readonly encryptionKey?: string;
  readonly lockDays?: number;
  readonly versioning?: string;
  readonly publicAccessBlock?: Readonly<Record<string, boolean>>;
}

/** The type and the text of an answer. */
export function toBody(
  { operation, wire }: { readonly operation: string; readonly wire: Wire },
  status: number,
  answer: object,
): readonly [type: string, body: string] {
  if (wire === 'json' || (wire === 's3_policy' && status === 200))
    return ['application/json', JSON.stringify(answer)];
  return ['text/xml', toXml(operation, wire, status, answer)];
}

function toXml(operation: string, wire: Wire, status: number, answer: XmlAnswer): string {
  const problem = `<Code>${answer.__type}</Code><Message>${answer.message}</Message>`;
  if (wire !== 'form') return status === 200 ? s3Xml(answer) : `<Error>${problem}</Error>`;
  if (status !== 200)
    return `<ErrorResponse><Error><Type>Sender</Type>${problem}</Error><RequestId>1</RequestId></ErrorResponse>`;
  return `<${operation}Response><${operation}Result>${resultXml(answer)}</${operation}Result></${operation}Response>`;
}

function s3Xml({ lockDays, versioning, publicAccessBlock }: XmlAnswer): string {
  if (lockDays !== undefined)
    return `<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>${lockDays}</Days></DefaultRetention></Rule></ObjectLockConfiguration>`;
  if (publicAccessBlock !== undefined) {
    const flags = Object.entries(publicAccessBlock).map(([flag, isOn]) => `<${flag}>${isOn}</${flag}>`);
    return `<PublicAccessBlockConfiguration>${flags.join('')}</PublicAccessBlockConfiguration>`;
  }
  const status = versioning === undefined ? '' : `<Status>${versioning}</Status>`;
  return `<VersioningConfiguration>${status}</VersioningConfiguration>`;
}

function resultXml(answer: XmlAnswer): string {
  const { stackStatus, outputs = [], roles, nextToken, Subscriptions, policy, encryptionKey } = answer;
  if (policy !== undefined) {
    const attributes = Object.entries({ Policy: policy, KmsMasterKeyId: encryptionKey }).flatMap(
      ([key, value]) =>
        value === undefined ? [] : [`<entry><key>${key}</key><value>${escaped(value)}</value></entry>`],
    );
    return `<Attributes>${attributes.join('')}</Attributes>`;
  }
  if (roles !== undefined) {
    const members = roles.map(
      ([id, name]) =>
        `<member><LogicalResourceId>${id}</LogicalResourceId><PhysicalResourceId>${name}</PhysicalResourceId><ResourceType>AWS::IAM::Role</ResourceType></member>`,
    );
    const next = nextToken === undefined ? '' : `<NextToken>${nextToken}</NextToken>`;
    return `<StackResourceSummaries>${members.join('')}</StackResourceSummaries>${next}`;
  }
  if (Subscriptions !== undefined) {
    const members = Subscriptions.map(
      (arn) =>
        `<member><SubscriptionArn>${arn}</SubscriptionArn><Protocol>email</Protocol><Endpoint>somebody@example.test</Endpoint></member>`,
    );
    return `<Subscriptions>${members.join('')}</Subscriptions>`;
  }
  const members = outputs.map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${escaped(value)}</OutputValue></member>`,
  );
  return `<Stacks><member><StackName>${deployedStack}</StackName><StackStatus>${stackStatus}</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs>${members.join('')}</Outputs></member></Stacks>`;
}
