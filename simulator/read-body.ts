import type { IncomingMessage } from 'node:http';

/** The whole body as text. */
export async function readBody(request: IncomingMessage): Promise<string> {
  if (request.method === 'GET' || request.method === 'DELETE') return '';
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk); // the types of node:http say `any`
  return Buffer.concat(chunks).toString();
}
