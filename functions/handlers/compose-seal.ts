import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { v7 as uuidv7 } from 'uuid';
import { createDocumentClient } from '#audit/document-client.ts';
import { createSealStore } from '#audit/seal-store.ts';
import { durationHelp, parseDuration } from '#policy/duration.ts';
import { brandId } from '#policy/ids.ts';
import type { Duration } from '#policy/policy.ts';
import { type Setting, text, withDefault } from '#runtime/config.ts';
import { envNames } from '#runtime/env-names.ts';
import { readEnvironment } from '#runtime/environment.ts';
import { openKmsSigner } from './kms-signer.ts';
import { requireConfig } from './require-config.ts';
import { s3SealArchive } from './seal-archive.ts';
import type { SealSliceDeps } from './seal-slice.ts';
import { systemClock } from './system-clock.ts';

const settlingDelay: Setting<Duration> = {
  name: envNames.sealSettlingDelay,
  parse: (given) => {
    const value = parseDuration(given);
    return value === undefined
      ? { ok: false, message: `${envNames.sealSettlingDelay} is not ${durationHelp}.` }
      : { ok: true, value };
  },
};

/** What sealing really uses. Asks KMS for the public key. @throws ConfigurationError @throws OutsideError */
export async function composeSeal(): Promise<SealSliceDeps> {
  const config = requireConfig(readEnvironment(), {
    workspaceId: text(envNames.workspaceId),
    auditTable: text(envNames.auditTable),
    keyId: text(envNames.sealKeyId),
    bucket: text(envNames.sealBucket),
    settlingDelay: withDefault(settlingDelay, '1h'),
  });
  const store = createSealStore(createDocumentClient(), config.auditTable, systemClock);
  return {
    store,
    signer: await openKmsSigner(new KMSClient(), config.keyId),
    archive: s3SealArchive(new S3Client(), config.bucket, store),
    clock: systemClock,
    newId: uuidv7,
    workspaceId: brandId(config.workspaceId),
    settlingDelay: config.settlingDelay,
  };
}
