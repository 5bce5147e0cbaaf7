import { createHmac } from 'node:crypto';

/** Sends a notification as Intercom does, signed with the client secret given. @returns the answer's status */
export async function notifyOfTag(
  webhookUrl: string,
  clientSecret: string,
  conversationId: string,
): Promise<number> {
  const body = JSON.stringify({
    type: 'notification_event',
    app_id: 'simulated',
    id: `notif_${conversationId}`,
    topic: 'conversation_part.tag.created',
    created_at: Math.floor(Date.now() / 1000),
    delivery_attempts: 1,
    data: { type: 'notification_event_data', item: { type: 'conversation', id: conversationId } },
  });
  const signature = `sha1=${createHmac('sha1', clientSecret).update(body).digest('hex')}`;
  const answer = await fetch(webhookUrl, { method: 'POST', headers: { 'x-hub-signature': signature }, body });
  return answer.status;
}
