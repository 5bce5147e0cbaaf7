/**
 * What somebody would write in an afternoon: list all with the official client, filter, delete. It keeps no audit and survives no crash.
 *
 *     node plain-script.ts URL TOKEN BEFORE MOST WIDTH
 */
import { IntercomClient } from 'intercom-client';
import pMap from 'p-map';

const [url = '', token = '', before = '', most = '', width = ''] = process.argv.slice(2);
const client = new IntercomClient({ token, baseUrl: url, headers: { 'Intercom-Version': '2.16' } });

const listedFrom = performance.now();
const found: string[] = [];
for await (const conversation of await client.conversations.list({ per_page: 150 })) {
  const isOld = conversation.state === 'closed' && conversation.updated_at < Number(before);
  const linked = conversation.linked_objects?.data ?? [];
  const hasTicket =
    ('ticket' in conversation && conversation.ticket !== null) ||
    linked.some(({ type }) => type === 'ticket');
  if (isOld && !hasTicket) found.push(conversation.id);
}

const deletedFrom = performance.now();
let failed = 0;
let deleted = 0;
const remove = async (id: string): Promise<void> => {
  try {
    await client.conversations.deleteConversation(
      { conversation_id: Number(id) },
      { queryParams: { retain_metrics: true } },
    );
    deleted += 1;
  } catch {
    failed += 1;
  }
};
await pMap(found.slice(0, Number(most)), remove, { concurrency: Number(width) });

const listSeconds = (deletedFrom - listedFrom) / 1000;
const deleteSeconds = (performance.now() - deletedFrom) / 1000;
process.stdout.write(JSON.stringify({ listSeconds, deleteSeconds, deleted, failed }));
