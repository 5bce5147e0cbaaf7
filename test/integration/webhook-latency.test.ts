import { describe, expect, it } from 'vitest';
import { captureOutput } from '#support/lambda-output.ts';
import { serveAsFunctionUrl } from '#support/lambda-url.ts';
import { deployWebhook } from '#support/webhook-cold-start.ts';
import { notification, signedRequest } from '#support/webhook-events.ts';

const requests = 200;

describe('handler of the webhook', () => {
  it('answers in less than 50 ms at the median, the queue and the sender over HTTP', async () => {
    await using webhook = await deployWebhook();
    await using address = await serveAsFunctionUrl(await webhook.coldStart());
    using _output = captureOutput();
    const durations: number[] = [];
    for (let sent = 0; sent < requests; sent += 1) {
      const request = signedRequest(notification());
      const startedAt = performance.now();
      const response = await fetch(address.url, { ...request, body: String(request.body) });
      durations.push(performance.now() - startedAt);
      expect(response.status).toBe(200);
    }
    expect(webhook.aws.messages).toHaveLength(requests);
    expect(durations.toSorted((a, b) => a - b)[requests / 2]).toBeLessThan(50);
  });

  it('shows the sender a 5xx and nothing else when the queue is out of order', async () => {
    await using webhook = await deployWebhook();
    webhook.aws.queueMood = 'fails';
    await using address = await serveAsFunctionUrl(await webhook.coldStart());
    using _output = captureOutput();
    const request = signedRequest(notification());
    const response = await fetch(address.url, { ...request, body: String(request.body) });
    expect(response.status).toBe(502);
    expect(await response.text()).toBe('Internal Server Error');
  });
});
