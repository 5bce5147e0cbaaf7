import fc from 'fast-check';
import {
  conversationItem,
  functionUrlEvent,
  httpApiEvent,
  type NotificationChanges,
  notification,
  signatureOf,
  testWorkspace,
} from './webhook-events.ts';

export interface BadRequest {
  /** What is wrong with it, for the report of a failure. */
  readonly fault: string;
  readonly body: string | Uint8Array;
  /** Undefined: the header is missing. */
  readonly signature: string | undefined;
  /** Whether the signature fits all the same. */
  readonly signed: boolean;
}

/** In every body that is made here: what must never be seen in a log. */
export const marker = 'marker-of-a-body';

const validBody: fc.Arbitrary<string> = fc
  .record({ topic: fc.constantFrom('conversation.admin.closed', 'conversation.deleted'), n: fc.nat() })
  .map(({ topic, n }) =>
    JSON.stringify(notification({ topic, id: `notif_${n}`, item: conversationItem({ title: marker }) })),
  );

/** Not a text that reads as this id. */
const noId = fc.oneof(
  fc.constantFrom(null, true, -1, 0, 1.5, '', ' ', 'a b', 'person@example.test', [], {}, ['1'], { id: '1' }),
  fc.string({ minLength: 129, maxLength: 200 }),
);

const wrongType: fc.Arbitrary<NotificationChanges> = fc.oneof(
  noId.map((appId) => ({ appId })),
  fc
    .string({ maxLength: 20 })
    .filter((id) => id !== testWorkspace)
    .map((appId) => ({ appId })),
  noId.map((id) => ({ id })),
  fc.constantFrom(null, 7, true, [], {}, ['ping'], '', 'a topic').map((topic) => ({ topic })),
  noId.map((id) => ({ item: conversationItem({ id }) })),
  fc.constantFrom('contact', 'ping', 7, null).map((type) => ({ item: conversationItem({ type }) })),
  fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.array(fc.anything())).map((item) => ({ item })),
  noId.map((id) => ({ item: { type: 'conversation_part', id: '1', conversation: { id } } })),
);

/** Bodies that are no notification of the workspace of the tests, by what is wrong with them. */
const badBodies: Readonly<Record<string, fc.Arbitrary<string | Uint8Array>>> = {
  empty: fc.constant(''),
  torn: validBody.chain((body) => fc.nat(body.length - 2).map((end) => body.slice(0, end))),
  noise: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([Buffer.from(marker), bytes])),
  'not UTF-8': fc
    .record({ body: validBody, bad: fc.constantFrom([0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80]) })
    .map(({ body, bad }) => {
      const at = body.indexOf(marker);
      return Buffer.concat([Buffer.from(body.slice(0, at)), Buffer.from(bad), Buffer.from(body.slice(at))]);
    }),
  'other JSON': fc.json().map((json) => `[${json}, "${marker}"]`),
  'of wrong types': wrongType.map((changes) =>
    JSON.stringify({ ...notification({ item: conversationItem(), ...changes }), marker }),
  ),
};
const largeBodies: Readonly<Record<string, fc.Arbitrary<string | Uint8Array>>> = {
  'deeply nested': fc
    .record({ depth: fc.integer({ min: 10_000, max: 250_000 }), open: fc.constantFrom('[', '{"a":', '[[') })
    .map(({ depth, open }) => `["${marker}",${open.repeat(depth)}`),
  'nested in a field': fc
    .integer({ min: 10_000, max: 200_000 })
    .map((depth) =>
      JSON.stringify(notification({ item: 0 })).replace(
        '"item":0',
        `"item":${'['.repeat(depth)}${']'.repeat(depth)}`,
      ),
    ),
  huge: fc
    .integer({ min: 1024 * 1024, max: 2 * 1024 * 1024 })
    .map((size) =>
      JSON.stringify(notification({ item: conversationItem({ title: marker.padEnd(size, '.') }) })),
    ),
};

type Sign = (right: string, body: string | Uint8Array) => string | undefined;

/** Signatures that do not fit, made from the one that would. */
const badSignatures: Readonly<Record<string, fc.Arbitrary<Sign>>> = {
  missing: fc.constant(() => undefined),
  empty: fc.constant(() => ''),
  short: fc.nat(44).map((length) => (right) => right.slice(0, length)),
  long: fc.string({ minLength: 1 }).map((more) => (right) => right + more),
  'with blanks': fc.constantFrom(' ', '\t', '\n').map((blank) => (right) => blank + right + blank),
  'in upper case': fc.constant((right) => `sha1=${right.slice(5).toUpperCase()}`),
  'with an upper-case prefix': fc.constant((right) => right.replace('sha1', 'SHA1')),
  'without its prefix': fc.constant((right) => right.slice(5)),
  'of another algorithm': fc.constant((right) => right.replace('sha1', 'sha256')),
  'with one digit changed': fc.integer({ min: 5, max: 44 }).map((at) => (right) => {
    const digit = right[at] === '0' ? '1' : '0';
    return right.slice(0, at) + digit + right.slice(at + 1);
  }),
  'by another secret': fc.string().map((secret) => (right) => signatureOf(right, secret)),
  garbage: fc.string({ unit: 'binary', maxLength: 100 }).map((garbage) => () => garbage),
  'of its length': fc.string({ minLength: 40, maxLength: 40 }).map((garbage) => () => `sha1=${garbage}`),
  twice: fc.constant((right) => `${right},${right}`),
};

const oneOf = <Value>(byName: Readonly<Record<string, fc.Arbitrary<Value>>>) =>
  fc.constantFrom(...Object.keys(byName)).chain((name) => byName[name]!.map((value) => ({ name, value })));

const anyBadBody = fc.oneof(
  { weight: 60, arbitrary: oneOf(badBodies) },
  { weight: 1, arbitrary: oneOf(largeBodies) },
);

const badlySigned: fc.Arbitrary<BadRequest> = fc
  .record({
    body: fc.oneof(
      {
        weight: 2,
        arbitrary: validBody.map((value) => ({ name: 'valid', value: value as string | Uint8Array })),
      },
      { weight: 1, arbitrary: anyBadBody },
    ),
    signature: oneOf(badSignatures),
  })
  .map(({ body, signature }) => ({
    fault: `${body.name} body, signature ${signature.name}`,
    body: body.value,
    signature: signature.value(signatureOf(body.value), body.value),
    signed: false,
  }));

const wellSigned: fc.Arbitrary<BadRequest> = anyBadBody.map(({ name, value }) => ({
  fault: `${name} body, signature right`,
  body: value,
  signature: signatureOf(value),
  signed: true,
}));

/** A signature that was right for another body: a replay with something changed. */
const changedAfterSigning: fc.Arbitrary<BadRequest> = fc
  .record({ body: validBody, at: fc.nat(), character: fc.constantFrom(' ', '0', '"', '\u0000') })
  .map(({ body, at, character }) => ({
    fault: 'body changed after signing',
    body: body.slice(0, at % body.length) + character + body.slice(at % body.length),
    signature: signatureOf(body),
    signed: false,
  }));

export const badRequest: fc.Arbitrary<BadRequest> = fc.oneof(badlySigned, wellSigned, changedAfterSigning);

/** As the event of either kind of front door, the body in base64 or not where it could be either. */
export const eventOf = fc
  .record({
    toEvent: fc.constantFrom(functionUrlEvent, httpApiEvent),
    asBytes: fc.boolean(),
    headerName: fc.constantFrom('x-hub-signature', 'X-Hub-Signature'),
  })
  .map(
    ({ toEvent, asBytes, headerName }) =>
      ({ body, signature }: BadRequest): unknown =>
        toEvent({
          method: 'POST',
          headers: signature === undefined ? {} : { [headerName]: signature },
          body: asBytes && typeof body === 'string' ? Buffer.from(body) : body,
        }),
  );
