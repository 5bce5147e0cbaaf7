import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { openSeal } from '#seal/check-chain.ts';
import { leafLine } from '#seal/leaf-list.ts';
import type { Leaf, SealHeader } from '#seal/seal.ts';
import type { SealSource } from '#seal/seal-store.ts';
import { publishedKeys } from '#seal/verify-seals.ts';
import { httpStatusOf, toAwsError } from './aws-error.ts';

/** Keeps copies of seals where whoever writes the audit cannot change them. */
export interface SealArchive {
  /** Whether the copy of this day is there, complete. */
  has(seal: SealHeader): Promise<boolean>;
  /** Leaves what is there already as it is. */
  put(seal: SealHeader): Promise<void>;
}

/** So that a part is held in memory without trouble. */
const leavesPerObject = 10_000;

/**
 * In a bucket, by workspace and day: the list in parts, the public key, and last the seal, so that whoever finds a seal finds all
 * of it. Every object is put under the condition that there is none, with its SHA-256 for S3 to check.
 */
export function s3SealArchive(
  client: S3Client,
  bucket: string,
  source: Pick<SealSource, 'leafList' | 'publicKeys'>,
): SealArchive {
  const put = (seal: SealHeader, name: string, body: Buffer, type: string): Promise<void> =>
    putObject(client, { bucket, key: keyOf(seal, name), body, type });
  return {
    async has(seal) {
      return hasObject(client, bucket, keyOf(seal, sealName));
    },
    async put(seal) {
      let number = 0;
      for await (const leaves of inParts(source.leafList(seal))) {
        const name = `leaves-${String(number).padStart(6, '0')}.ndjson.gz`;
        await put(seal, name, gzipSync(leaves.map(leafLine).join('')), 'application/gzip');
        number += 1;
      }
      const keys = await publishedKeys(source, seal.workspaceId);
      const pem = openSeal(seal.workspaceId, seal, keys).signedBy?.pem;
      if (pem !== undefined) await put(seal, 'public-key.pem', Buffer.from(pem), 'application/x-pem-file');
      await put(seal, sealName, Buffer.from(seal.note), 'text/plain; charset=utf-8');
    },
  };
}

const sealName = 'seal.txt';

const keyOf = ({ workspaceId, day }: SealHeader, name: string): string =>
  `${encodeURIComponent(workspaceId)}/${day}/${name}`;

async function* inParts(leaves: AsyncIterable<Leaf>): AsyncGenerator<readonly Leaf[]> {
  let part: Leaf[] = [];
  for await (const leaf of leaves) {
    part.push(leaf);
    if (part.length < leavesPerObject) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

async function hasObject(client: S3Client, bucket: string, key: string): Promise<boolean> {
  try {
    await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return true;
  } catch (error) {
    if (httpStatusOf(error) === 404) return false;
    throw toAwsError(error, 's3:GetObject (and s3:ListBucket)', place);
  }
}

const place = 'the bucket that SEAL_BUCKET names';

interface NewObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: Buffer;
  readonly type: string;
}

async function putObject(client: S3Client, { bucket, key, body, type }: NewObject): Promise<void> {
  try {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: type,
        ChecksumAlgorithm: 'SHA256', // a bucket with a lock takes nothing that does not name one
        ChecksumSHA256: createHash('sha256').update(body).digest('base64'),
        IfNoneMatch: '*',
      }),
    );
  } catch (error) {
    if (httpStatusOf(error) === 412) return; // it is there
    throw toAwsError(error, 's3:PutObject', place);
  }
}
