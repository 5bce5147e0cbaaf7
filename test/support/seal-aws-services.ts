import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** KMS and S3 as far as sealing uses them, over HTTP on the loopback. */
export interface SealAwsServices extends AsyncDisposable {
  readonly endpoint: string;
  /** Of the key that signs. */
  publicKey: KeyObject;
  /** Signs; usually with the key above. */
  privateKey: KeyObject;
  /** What is in the bucket, by key. */
  readonly objects: Map<string, Buffer>;
  /** Puts of objects, the refused ones too. */
  puts: number;
  /** What every call of this service answers; undefined when it works. */
  kmsFailure: Failure | undefined;
  s3Failure: Failure | undefined;
}

interface Failure {
  readonly status: number;
  readonly name: string;
}

export const newKmsKey = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve });

export async function startSealAwsServices(): Promise<SealAwsServices> {
  const server = createServer((request, response) => {
    void (request.headers['x-amz-target'] === undefined ? serveS3 : serveKms)(services, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const services: SealAwsServices = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...newKmsKey(),
    objects: new Map(),
    puts: 0,
    kmsFailure: undefined,
    s3Failure: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return services;
}

/** Bytes of a message that KMS hashes itself. */
const mostSigned = 4096;

async function serveKms(
  services: SealAwsServices,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const input = JSON.parse((await buffer(request)).toString()) as KmsInput;
  const answer = (status: number, body: object) =>
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  const { kmsFailure: failure, publicKey, privateKey } = services;
  if (failure !== undefined) return void answer(failure.status, { __type: failure.name });
  if (request.headers['x-amz-target'] === 'TrentService.GetPublicKey') {
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    return void answer(200, { KeyId: input.KeyId, PublicKey: spki.toString('base64') });
  }
  const isAsked =
    request.headers['x-amz-target'] === 'TrentService.Sign' &&
    input.MessageType === 'RAW' &&
    input.SigningAlgorithm === 'ECDSA_SHA_256';
  if (!isAsked) return void answer(400, { __type: 'UnsupportedOperationException' });
  const message = Buffer.from(input.Message ?? '', 'base64');
  if (message.length > mostSigned) return void answer(400, { __type: 'ValidationException' });
  const signature = sign('sha256', message, { key: privateKey, dsaEncoding: 'der' });
  return void answer(200, { KeyId: input.KeyId, Signature: signature.toString('base64') });
}

interface KmsInput {
  readonly KeyId: string;
  readonly Message?: string;
  readonly MessageType?: string;
  readonly SigningAlgorithm?: string;
}

async function serveS3(
  services: SealAwsServices,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request);
  const answer = (status: number, name = '') =>
    response
      .writeHead(status, { 'content-type': 'application/xml' })
      .end(request.method === 'HEAD' || name === '' ? '' : `<Error><Code>${name}</Code></Error>`);
  const { s3Failure: failure, objects } = services;
  if (failure !== undefined) return void answer(failure.status, failure.name);
  const key = decodeURIComponent(
    new URL(request.url ?? '', services.endpoint).pathname.slice('/seals/'.length),
  );
  if (request.method === 'HEAD') return void answer(objects.has(key) ? 200 : 404);
  services.puts += 1;
  if (request.method !== 'PUT' || request.headers['if-none-match'] !== '*')
    return void answer(400, 'InvalidRequest');
  if (objects.has(key)) return void answer(412, 'PreconditionFailed');
  const sum = createHash('sha256').update(body).digest('base64');
  // As of every put into a bucket that locks what it gets.
  if (request.headers['x-amz-sdk-checksum-algorithm'] !== 'SHA256') return void answer(400, 'InvalidRequest');
  if (request.headers['x-amz-checksum-sha256'] !== sum) return void answer(400, 'BadDigest');
  objects.set(key, body);
  return void answer(200);
}
