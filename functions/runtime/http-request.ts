import { PlatformError } from './platform-error.ts';

/** One request as a Lambda function URL or an HTTP API hands it over (payload format 2.0 of both). */
export interface HttpRequest {
  readonly method: string;
  /** As it stands in the URL after the question mark; empty when there is none. */
  readonly query: string;
  /** By lower-case name. */
  readonly headers: Readonly<Partial<Record<string, string>>>;
  readonly body: { readonly text: string; readonly encoding: 'utf8' | 'base64' };
  /** Whether AWS has checked who asks, with IAM. */
  readonly isSignedByIam: boolean;
}

/** What is answered; format 2.0 as well. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The size of the body in bytes, without decoding it. */
export const bodySize = ({ body }: HttpRequest): number => Buffer.byteLength(body.text, body.encoding);

/** The body as it came over the wire, to the byte. */
export const bodyBytes = ({ body }: HttpRequest): Buffer => Buffer.from(body.text, body.encoding);

/** @throws PlatformError `unreadable_event` for anything but an HTTP request of payload format 2.0. */
export function decodeHttpRequest(event: unknown): HttpRequest {
  const { requestContext, rawQueryString, headers, body, isBase64Encoded } = fieldsOf(event);
  const { http, authorizer } = fieldsOf(requestContext);
  const { method } = fieldsOf(http);
  if (typeof method !== 'string' || (body !== undefined && body !== null && typeof body !== 'string')) {
    throw new PlatformError(
      'unreadable_event',
      'The event is no HTTP request of payload format 2.0; invoke the function through its URL or an HTTP API.',
    );
  }
  return {
    method,
    query: typeof rawQueryString === 'string' ? rawQueryString : '',
    headers: lowerCased(fieldsOf(headers)),
    body: { text: body ?? '', encoding: isBase64Encoded === true ? 'base64' : 'utf8' },
    isSignedByIam: typeof fieldsOf(fieldsOf(authorizer)['iam'])['userArn'] === 'string',
  };
}

function lowerCased(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name.toLowerCase(), value] as const] : [],
  );
  return Object.fromEntries(entries);
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
