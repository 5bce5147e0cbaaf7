import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as z from 'zod';

export interface LocalServer extends AsyncDisposable {
  readonly url: string;
}

/** A server on the loopback. */
export async function serve(listener: RequestListener): Promise<LocalServer> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, // it listens on a port
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const sendSchema = z.object({ MessageBody: z.string() });

/** SQS and Secrets Manager as far as the functions use them: one secret, and a queue that hands each message over once it has said yes. */
export const serveAws = (secret: string, onMessage: (body: string) => void): Promise<LocalServer> =>
  serve((request, response) => {
    const answer = (body: object): void => {
      response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(body));
    };
    const isSend = request.headers['x-amz-target'] === 'AmazonSQS.SendMessage';
    void text(request).then((sent) => {
      if (!isSend) return answer({ Name: 'intercom', SecretString: secret });
      const { MessageBody: body } = sendSchema.parse(JSON.parse(sent));
      answer({ MessageId: '1', MD5OfMessageBody: createHash('md5').update(body).digest('hex') });
      setImmediate(onMessage, body);
    });
  });

/** The event of a function URL. */
export const urlEvent = async (request: IncomingMessage) => ({
  version: '2.0',
  rawPath: '/',
  rawQueryString: '',
  headers: request.headers,
  requestContext: { http: { method: request.method, path: '/' } },
  body: await text(request),
  isBase64Encoded: false,
});

/** The event of a queue with one message. */
export const queueEvent = (body: string) => ({
  Records: [
    {
      messageId: '1',
      body,
      attributes: { SentTimestamp: String(Date.now()), ApproximateReceiveCount: '1' },
    },
  ],
});
