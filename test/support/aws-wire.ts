import type { IncomingMessage } from 'node:http';
import { deployedStack } from '#support/deployed-aws-state.ts';

export type Input = Readonly<Record<string, string>>;

/** AWS's protocols: by a form, by a header, and by the path. */
export function readCall(
  request: IncomingMessage,
  body: string,
): { readonly operation: string; readonly input: Input; readonly isXml: boolean } {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string')
    return { operation: target.split('.')[1] ?? '', input: JSON.parse(body), isXml: false };
  const schedule = /^\/schedules\/([^?]+)/.exec(request.url ?? '')?.[1];
  if (schedule !== undefined)
    return { operation: 'GetSchedule', input: { Name: decodeURIComponent(schedule) }, isXml: false };
  if (request.url?.includes('?object-lock') === true)
    return { operation: 'GetObjectLockConfiguration', input: {}, isXml: true };
  const form = Object.fromEntries(new URLSearchParams(body));
  return { operation: form['Action'] ?? '', input: form, isXml: true };
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

interface XmlAnswer {
  readonly __type?: string;
  readonly message?: string;
  readonly stackStatus?: string;
  readonly outputs?: readonly (readonly [string, string])[];
  readonly Subscriptions?: readonly string[];
  readonly lockDays?: number;
}

export function toXml(operation: string, status: number, answer: XmlAnswer): string {
  const isOfS3 = operation === 'GetObjectLockConfiguration';
  if (status !== 200 && isOfS3)
    return `<Error><Code>${answer.__type}</Code><Message>${answer.message}</Message></Error>`;
  if (isOfS3)
    return `<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>${answer.lockDays}</Days></DefaultRetention></Rule></ObjectLockConfiguration>`;
  if (status !== 200)
    return `<ErrorResponse><Error><Type>Sender</Type><Code>${answer.__type}</Code><Message>${answer.message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
  return `<${operation}Response><${operation}Result>${resultXml(answer)}</${operation}Result></${operation}Response>`;
}

function resultXml({ stackStatus, outputs = [], Subscriptions = [] }: XmlAnswer): string {
  if (stackStatus === undefined) {
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
