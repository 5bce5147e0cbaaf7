import { type Answer, badParameter, notFound, ok, type Refusal } from './answer.ts';
import type { AdmittedCall } from './api-call.ts';
import { canDropMetrics } from './api-version.ts';
import type { ConversationStore } from './conversation-store.ts';

/** `DELETE /conversations/{id}` */
export function deleteConversation(store: ConversationStore, call: AdmittedCall): Answer | Refusal {
  const id = numericId(call.id);
  const asked = call.query.get('retain_metrics') ?? 'true';
  const knowsParameter = canDropMetrics(call.version);
  if (knowsParameter && asked !== 'true' && asked !== 'false') {
    return badParameter('retain_metrics', 'retain_metrics must be true or false');
  }
  const metricsRetained = !knowsParameter || asked === 'true';
  const deletion = store.delete(id, { by: 'api', metricsRetained });
  return deletion === undefined ? notFound : ok({ id: call.id, object: 'conversation', deleted: true });
}

/** The number that an id is; NaN, which no conversation has, for any other text. */
export const numericId = (id: string): number => (/^\d{1,16}$/.test(id) ? Number(id) : Number.NaN);
