/** JSON as Intercom sends it, by hand. */
export type WireJson = Readonly<Record<string, unknown>>;

/** A closed conversation in the shape of 2.16; `changes` say what matters to a test, and undefined takes a field away. */
export function wireConversation(changes: WireJson = {}): WireJson {
  const conversation = {
    type: 'conversation',
    id: '471',
    title: null,
    created_at: 1734537460,
    updated_at: 1734537560,
    waiting_since: null,
    snoozed_until: null,
    source: {
      type: 'email',
      id: '403918320',
      delivered_as: 'customer_initiated',
      subject: 'Where is my parcel',
      body: '<p>this is the message body</p>',
      author: { type: 'user', id: '991267628', name: 'Ada Example', email: 'ada@example.com' },
    },
    contacts: {
      type: 'contact.list',
      contacts: [{ type: 'contact', id: '6762f0f31bb69f9f2193bb8b', external_id: '70' }],
    },
    admin_assignee_id: 991267715,
    team_assignee_id: 5017691,
    company: { type: 'company', id: '531ee472cce572a6ec000006', name: 'Blue Sun' },
    open: false,
    state: 'closed',
    read: true,
    tags: { type: 'tag.list', tags: [{ type: 'tag', id: '123456', name: 'Test tag' }] },
    priority: 'none',
    statistics: {
      type: 'conversation_statistics',
      last_contact_reply_at: 1734537461,
      last_admin_reply_at: 1734537462,
      last_close_at: 1734537463,
      count_conversation_parts: 4,
    },
    conversation_rating: { rating: 5, remark: 'Thank you', created_at: 1734537464 },
    custom_attributes: { plan: 'pro', order_value: 300, contract_signed: true },
    topics: {},
    ticket: null,
    linked_objects: { type: 'list', data: [], total_count: 0, has_more: false },
    ai_agent: { resolution_state: 'assumed_resolution' },
    ai_agent_participated: true,
    ...changes,
  };
  return Object.fromEntries(Object.entries(conversation).filter(([, value]) => value !== undefined));
}
