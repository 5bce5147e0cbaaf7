import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lambdaContext } from '#support/lambda-context.ts';
import { captureOutput } from '#support/lambda-output.ts';
import { type BadRequest, badRequest, eventOf, marker } from '#support/webhook-bad-requests.ts';
import { deployWebhook } from '#support/webhook-cold-start.ts';
import { signatureOf, testClientSecret } from '#support/webhook-events.ts';

const runs = 10_000;

/** Everything that a line about a refused request may consist of. */
const allowedKeys = new Set(
  [
    'level message timestamp service stage sampling_rate xray_trace_id cold_start',
    'function_arn function_memory_size function_name function_request_id',
    'because unreadable bytes',
    '_aws WebhookRefused WebhookUnreadable WebhookTooLarge',
  ].flatMap((keys) => keys.split(' ')),
);

/** What a stranger sends is not even read: only to Intercom itself is it said that a notification is unreadable. */
function refusals({ body, signed }: BadRequest): readonly number[] {
  if (Buffer.byteLength(body) > 1024 * 1024) return [413];
  return signed ? [400, 401] : [401];
}

describe('handler of the webhook', () => {
  it(`accepts none of ${runs} bad requests, never throws, and logs no body, signature or secret`, {
    timeout: 60_000,
  }, async () => {
    await using webhook = await deployWebhook();
    const handler = await webhook.coldStart();
    using output = captureOutput();
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(badRequest, eventOf, async (request, toEvent) => {
        output.take();
        const answer = await handler(toEvent(request), lambdaContext());
        statuses.add(answer.statusCode);
        expect(refusals(request)).toContain(answer.statusCode);
        expect(answer.body).toBe('');
        expect(webhook.aws.messages).toEqual([]);

        const written = output.take();
        const { signature = '' } = request;
        const secrets = [marker, testClientSecret, 'token-of-', signatureOf(request.body).slice(5)];
        if (signature.length > 8) secrets.push(signature);
        for (const secret of secrets) expect(written).not.toContain(secret);
        for (const line of written.trim().split('\n')) {
          const fields = JSON.parse(line) as object;
          expect(Object.keys(fields).filter((key) => !allowedKeys.has(key))).toEqual([]);
        }
      }),
      { numRuns: runs },
    );
    expect(statuses.size).toBe(3); // or the generator has gone thin
  });
});
