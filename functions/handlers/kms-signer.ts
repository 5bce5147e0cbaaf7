import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { isSignedBy, parsePublicKey, type SealPublicKey, type Signer } from '#seal/signing-key.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import { toAwsError } from './aws-error.ts';

/** Signs with a key that never leaves KMS. @throws ConfigurationError for a key of another kind @throws OutsideError */
export async function openKmsSigner(client: KMSClient, keyId: string): Promise<Signer> {
  const publicKey = await readPublicKey(client, keyId);
  return {
    publicKey,
    async sign(text) {
      const signature = await requestSignature(client, keyId, text);
      if (isSignedBy(publicKey, text, signature)) return signature;
      throw new ConfigurationError(
        'KMS has signed a seal with another key than the one whose public key it gives; let SEAL_KEY_ID name a key by its ARN, not an alias that can be moved.',
      );
    },
  };
}

async function readPublicKey(client: KMSClient, keyId: string): Promise<SealPublicKey> {
  const { PublicKey: spki } = await attempt('kms:GetPublicKey', () =>
    client.send(new GetPublicKeyCommand({ KeyId: keyId })),
  );
  const publicKey = spki === undefined ? undefined : parsePublicKey(spki);
  if (publicKey?.algorithm === 'ecdsa_p256') return publicKey;
  throw new ConfigurationError(
    'The key that SEAL_KEY_ID names cannot sign seals; let it name a KMS key of the kind ECC_NIST_P256 for signing.',
  );
}

/** KMS hashes the text itself, of which it takes four kilobytes; a seal has a tenth of that. */
async function requestSignature(client: KMSClient, keyId: string, text: Uint8Array): Promise<Uint8Array> {
  const { Signature: signature } = await attempt('kms:Sign', () =>
    client.send(
      new SignCommand({
        KeyId: keyId,
        Message: text,
        MessageType: 'RAW',
        SigningAlgorithm: 'ECDSA_SHA_256',
      }),
    ),
  );
  return signature ?? new Uint8Array();
}

async function attempt<Answer>(action: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw toAwsError(error, action, 'the key that SEAL_KEY_ID names');
  }
}
