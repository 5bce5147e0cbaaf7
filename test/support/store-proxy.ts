import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the proxy does to one write. `lose_answer`: it is carried out and nobody hears of it. */
export type WriteTreatment = 'forward' | 'lose_request' | 'lose_answer';

export interface StoreProxy extends AsyncDisposable {
  readonly endpoint: string;
  readonly writes: number;
}

/** Stands before a DynamoDB engine and counts the writes; `treat` is asked before each, and told its number from 1. */
export async function startStoreProxy(
  engine: string,
  treat: (writeNumber: number) => WriteTreatment,
): Promise<StoreProxy> {
  let writes = 0;
  const server = createServer((incoming, outgoing) => {
    const isWrite = /\.(Put|Update|Delete)Item$/.test(String(incoming.headers['x-amz-target']));
    if (isWrite) writes += 1;
    const treatment = isWrite ? treat(writes) : 'forward';
    if (treatment === 'lose_request') {
      incoming.socket.destroy();
      return;
    }
    forward(engine, incoming, outgoing, treatment === 'lose_answer');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    get writes() {
      return writes;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function forward(engine: string, incoming: IncomingMessage, outgoing: ServerResponse, isLost: boolean): void {
  const { method, headers } = incoming;
  const onward = sendRequest(engine, { method: method ?? 'POST', headers }, (answer) => {
    if (isLost) {
      answer.resume().once('end', () => outgoing.destroy());
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(outgoing);
  });
  onward.once('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
