import { once } from 'node:events';
import type { Server } from 'node:http';
import { usageError } from './cli-error.ts';

/** Listens on loopback; 0 takes a free port. @returns the port. @throws CliError when it is taken. */
export async function listenOn(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    throw usageError(`The port ${port} is not free; name another with --port, or leave it out.`);
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return address.port;
}
