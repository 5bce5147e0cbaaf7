import { once } from 'node:events';
import type { Command } from 'commander';
import { acceptWebhook } from '#handlers/accept-webhook.ts';
import { workOnBatch } from '#handlers/work-on-batch.ts';
import { instantFromMs } from '#policy/instant.ts';
import type { Invocation } from '#runtime/lambda-handler.ts';
import type { LogFields } from '#runtime/logger.ts';
import { knowWorkspace } from '#sweep/known-workspace.ts';
import { assertStoreOf } from '../assert-store-of.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { stopOnInterrupt } from '../interruption.ts';
import { localRequestQueue } from '../local-request-queue.ts';
import { openIntercom } from '../open-intercom.ts';
import { openStore } from '../open-store.ts';
import { wholeNumber } from '../option-values.ts';
import type { Output } from '../output.ts';
import { readPolicyFile } from '../policy-file.ts';
import { allSettings, clientSecret } from '../settings.ts';
import { serveWebhooks } from '../webhook-server.ts';

interface ListenOptions {
  readonly port: number;
}

export function listenCommand(): Command {
  return createCommand(
    'listen',
    "Takes Intercom's webhooks on this machine and deletes on them, as the deployed functions do. To try a policy's event rules.",
    ['retention listen --port 8080', 'retention listen --json | jq .code'],
  )
    .option('--port <port>', 'where to listen, on 127.0.0.1; 0 takes a free one', wholeNumber(0, 65_535), 0)
    .action((options: ListenOptions, command: Command) =>
      perform(command, (context) => listen(context, options)),
    );
}

/** What a message may take at the most; a deployed worker has as long. */
const workMs = 180_000;

async function listen(context: CommandContext, { port }: ListenOptions): Promise<ExitCode> {
  const { output, clock, environment, flags } = context;
  const policyFile = readPolicyFile(context);
  const { policy } = policyFile;
  const settings = allSettings(environment, flags);
  const secret = JSON.stringify({
    workspaces: {
      [policy.workspaceId]: {
        access_token: settings.intercom.token,
        client_secret: clientSecret(environment),
      },
    },
  });
  using interruption = stopOnInterrupt(
    'Stopping once every message that was taken in is dealt with.',
    output,
  );
  const { signal } = interruption;
  const intercom = await openIntercom(context, settings.intercom, policy);
  await using store = await openStore(settings.store, clock);
  assertStoreOf(store, policyFile);
  const { audit, state } = store;
  const known = knowWorkspace({ intercom, clock }, policy);
  const { name } = await known.workspace();

  const invocation: Invocation = {
    log: logTo(output),
    metrics: { count: () => undefined },
    // The queue is in memory: what was answered with 200 is dealt with before the end, and not cut off.
    signal: new AbortController().signal,
    remainingMs: () => workMs,
  };
  const deps = { policyFile, intercom, audit, state, clock, known, notices: undefined };
  const queue = localRequestQueue(
    async ({ body, receiveCount }) => {
      const message = { messageId: 'local', body, sentAtMs: clock.now(), receiveCount };
      const { batchItemFailures } = await workOnBatch(deps, [message], invocation);
      return batchItemFailures.length === 0;
    },
    () => output.warn('A message was given up after five attempts; the line above says why.'),
  );
  const webhook = {
    secret: { read: () => Promise.resolve(secret) },
    queue,
    now: () => instantFromMs(Date.now()),
  };
  const server = await serveWebhooks(port, (request) => acceptWebhook(webhook, request, invocation));

  await output.document({
    url: server.url,
    port: server.port,
    pid: process.pid,
    workspace_id: policy.workspaceId,
  });
  output.warn(`Listening for the webhooks of ${name} at ${server.url} until Ctrl-C.`);
  if (!signal.aborted) await once(signal, 'abort');
  await server.close();
  await queue.idle();
  return exitCodes.done;
}

/** Each line of the functions' log: as a document with `--json`, else in words. Nobody waits for a slow reader. */
function logTo(output: Output): Invocation['log'] {
  const line = (code: string, fields: LogFields = {}): void => {
    if (output.json) void output.document({ code, ...fields }).catch(() => undefined);
    else output.say([code.replaceAll('_', ' '), ...Object.entries(fields).flatMap(toWords)].join('  '));
  };
  return { info: line, warn: line, error: line };
}

const toWords = ([name, value]: readonly [string, LogFields[string]]): readonly string[] =>
  value === undefined || name === 'workspace_id' ? [] : [`${name} ${value}`];
