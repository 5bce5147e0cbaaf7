import { createPrivateKey, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNoteSignedBy, noteKeyId, parseSignedNote, signNote } from '#seal/signed-note.ts';
import { parsePublicKey, type SealPublicKey } from '#seal/signing-key.ts';
import { aSigner, signerOf } from '#support/key-signer.ts';

/** DER in front of the 32 bytes of an Ed25519 key. */
const ed25519Prefix = { public: '302a300506032b6570032100', private: '302e020100300506032b657004220420' };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The example of Go's `golang.org/x/mod/sumdb/note`, from which the format comes. */
const neumann = {
  name: 'PeterNeumann',
  keyId: 'c74f20a3',
  publicKey: 'ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  privateKey: 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  signature: 'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=',
};
const neumannNote = `${neumann.text}\n— ${neumann.name} ${neumann.signature}\n`;

/** Checkpoints that two public logs have signed with ECDSA, with their keys: type 2, then the key in DER. */
const ecdsaLogs = [
  {
    name: 'rekor.sigstore.dev',
    keyId: 'c0d23d6a',
    publicKey:
      'AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=',
    note: 'Rekor\n798034\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0=\n\n— rekor.sigstore.dev wNI9ajBEAiARInWIWyCdyG27CO6LPnPekyw20qO0YJfoaPaowGp/XgIgc+qEHS3+GKVClgqq20uDLet7MCoTURUCRdxwWBHHufk=\n',
  },
  {
    name: 'pixel6_transparency_log',
    keyId: '91c16e30',
    publicKey:
      'AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABN+4x0Jk1yTwvLFI9A4NDdGZcX0aiWVdWM5XJVy0M4VWD3AvyW5Q6Hs9A0mcDkpUoYgn+KKPNzFC0H3nN3q6JQ8=',
    note: 'DEFAULT\n10\nbsWRucJU5xJPHb5eBdOm6+DM+VelCZBuvtI3sHERJ9Y=\n\n— pixel6_transparency_log kcFuMDBFAiEAhqMAP8P6qf6QxtUJhzMhbN+MbZ9dwfUHzGQJmffJHtoCIGD0cNe47dHWBoPwYdgBCepB06/+g5O1FmYjXl06owL4\n',
  },
];

function ed25519Key(encoded: string): SealPublicKey {
  const raw = Buffer.from(encoded, 'base64').subarray(1);
  return parsePublicKey(Buffer.concat([Buffer.from(ed25519Prefix.public, 'hex'), raw]))!;
}

const ecdsaKey = (encoded: string): SealPublicKey =>
  parsePublicKey(Buffer.from(encoded, 'base64').subarray(1))!;

describe('isNoteSignedBy', () => {
  it('takes the example of the format, signed with Ed25519', () => {
    const key = ed25519Key(neumann.publicKey);
    expect(hex(noteKeyId(neumann.name, key))).toBe(neumann.keyId);
    const note = parseSignedNote(neumannNote)!;
    expect(note.text).toBe(neumann.text);
    expect(isNoteSignedBy(note, neumann.name, key)).toBe(true);
  });

  it.each(ecdsaLogs)('takes a checkpoint of $name, signed with ECDSA', ({ name, keyId, publicKey, note }) => {
    const key = ecdsaKey(publicKey);
    expect(hex(noteKeyId(name, key))).toBe(keyId);
    expect(isNoteSignedBy(parseSignedNote(note)!, name, key)).toBe(true);
    expect(isNoteSignedBy(parseSignedNote(note)!, `${name}x`, key)).toBe(false);
  });

  it('takes none that another key has signed', () => {
    const note = parseSignedNote(neumannNote)!;
    expect(isNoteSignedBy(note, neumann.name, aSigner().publicKey)).toBe(false);
    const [one, other] = ecdsaLogs;
    expect(isNoteSignedBy(parseSignedNote(one!.note)!, one!.name, ecdsaKey(other!.publicKey))).toBe(false);
  });

  it.each(['ed25519', 'ecdsa_p256'] as const)(
    'takes what was signed with %s, and nothing with a character changed',
    async (algorithm) => {
      const signer = aSigner(algorithm);
      const note = await signNote('one\nzwei \u{1F512}\n', 'a/b', signer);
      expect(isNoteSignedBy(parseSignedNote(note)!, 'a/b', signer.publicKey)).toBe(true);
      fc.assert(
        fc.property(fc.nat(note.length - 1), fc.constantFrom('x', 'A', '\n', ' ', '0'), (at, character) => {
          fc.pre(note[at] !== character && note[at]!.isWellFormed());
          const changed = parseSignedNote(note.slice(0, at) + character + note.slice(at + 1));
          expect(changed !== undefined && isNoteSignedBy(changed, 'a/b', signer.publicKey)).toBe(false);
        }),
      );
    },
  );

  it('takes a note that others have signed, too, and none with a second signature of its key that is wrong', async () => {
    const [signer, other] = [aSigner(), aSigner()];
    const [mine, theirs] = await Promise.all([
      signNote('text\n', 'a', signer),
      signNote('text\n', 'a', other),
    ]);
    const lineOf = (note: string) => note.split('\n').at(-2)!;
    const both = parseSignedNote(`${mine}${lineOf(theirs)}\n`)!;
    expect(isNoteSignedBy(both, 'a', signer.publicKey)).toBe(true);
    expect(isNoteSignedBy(both, 'a', other.publicKey)).toBe(true);
    const wrong = await signNote('other\n', 'a', signer);
    expect(isNoteSignedBy(parseSignedNote(`${mine}${lineOf(wrong)}\n`)!, 'a', signer.publicKey)).toBe(false);
  });
});

describe('signNote', () => {
  it('makes the example of the format, byte for byte', async () => {
    const raw = Buffer.from(neumann.privateKey, 'base64').subarray(1);
    const privateKey = createPrivateKey({
      key: Buffer.concat([Buffer.from(ed25519Prefix.private, 'hex'), raw]),
      format: 'der',
      type: 'pkcs8',
    });
    const signer = signerOf(privateKey, createPublicKey(privateKey));
    expect(await signNote(neumann.text, neumann.name, signer)).toBe(neumannNote);
  });
});

describe('parseSignedNote', () => {
  const signature = neumannNote.split('\n').at(-2)!;

  it.each([
    ['nothing', ''],
    ['a text without a signature', neumann.text],
    ['no line feed at its end', neumannNote.slice(0, -1)],
    ['no empty line before the signatures', neumannNote.replace('\n\n', '\n')],
    ['a line that is no signature', `${neumannNote}— name\n`],
    ['another dash', neumannNote.replace('—', '-')],
    ['a name with a plus', neumannNote.replace('PeterNeumann', 'Peter+Neumann')],
    ['a signature that is too short', 'text\n\n— name AAAA\n'],
    ['base64 with a bit too much', 'text\n\n— name AAAAAAB=\n'],
    ['a control character', neumannNote.replace('If', 'I\tf')],
    ['half a character', neumannNote.replace('If', 'I\ud800f')],
    ['seventeen signatures', `text\n\n${`${signature}\n`.repeat(17)}`],
  ])('takes no note with %s', (_, note) => {
    expect(parseSignedNote(note)).toBeUndefined();
  });

  it('takes sixteen signatures, and empty lines in the text', () => {
    const note = parseSignedNote(`text\n\nmore\n\n${`${signature}\n`.repeat(16)}`);
    expect(note?.text).toBe('text\n\nmore\n');
    expect(note?.signatures).toHaveLength(16);
  });
});
