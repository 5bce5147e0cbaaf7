import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { OutsideError } from '#sweep/errors.ts';
import type { Notices } from '#sweep/ports.ts';

/** Puts a `conversation.deleted` event on a bus of EventBridge for each notice, for warehouses and help desks to follow. */
export const eventNotices = (client: EventBridgeClient, eventBusName: string): Notices => ({
  deleted: async ({ workspaceId, runId, ruleId, retainMetrics, conversationIds }) => {
    const detail = {
      workspace_id: workspaceId,
      run_id: runId,
      rule_id: ruleId,
      retain_metrics: retainMetrics,
      conversation_ids: conversationIds,
    };
    const entry = {
      EventBusName: eventBusName,
      Source: 'intercom-retention',
      DetailType: 'conversation.deleted',
      Detail: JSON.stringify(detail), // 150 ids at most: far below the 256 KB that EventBridge takes
    };
    const failed = await put(client, entry);
    if (failed > 0) throw refused();
  },
});

async function put(client: EventBridgeClient, entry: object): Promise<number> {
  try {
    const { FailedEntryCount: failed = 0 } = await client.send(new PutEventsCommand({ Entries: [entry] }));
    return failed;
  } catch (cause) {
    throw refused(cause);
  }
}

const refused = (cause?: unknown) =>
  new OutsideError(
    'The notice of deleted conversations could not be put on the event bus; check the bus and its permissions.',
    { cause, retryable: true },
  );
