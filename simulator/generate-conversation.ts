import type {
  AiAgent,
  AttributeValue,
  Conversation,
  ConversationState,
  LinkedObject,
  Rating,
  Tag,
} from './conversation.ts';
import { generateStatistics } from './generate-statistics.ts';
import { personalMarker } from './personal-data.ts';
import { pickAt, type Random, randomFrom } from './random.ts';
import type { Staff } from './staff.ts';

export interface GenerationOptions {
  readonly seed: number;
  readonly count: number;
  /** How far back the oldest conversation lies, in years of 365 days. */
  readonly years: number;
  /** UNIX seconds; nothing happened later. */
  readonly now: number;
  readonly staff: Staff;
}

/** As large as those seen in Intercom's own examples. */
const firstId = 215_470_000_000_000;
const secondsPerDay = 86_400;

/** Oldest first. The workspace has grown: there are more conversations in later years. */
export function* generateConversations(options: GenerationOptions): Generator<Conversation> {
  const random = randomFrom(options.seed);
  const pools = makePools(random, options.staff);
  const spanSeconds = options.years * 365 * secondsPerDay;
  const contactCount = Math.max(1, Math.ceil(options.count / 3));
  for (let index = 0; index < options.count; index += 1) {
    const age = (1 - (index + random.fraction()) / options.count) ** 1.3 * spanSeconds;
    yield generateConversation(random, pools, {
      id: firstId + index * 1013,
      createdAt: Math.floor(options.now - age),
      now: options.now,
      contactNumber: random.integer(1, contactCount),
      staff: options.staff,
    });
  }
}

/** Sets that many conversations share: a million records must not hold a million copies. */
interface Pools {
  readonly tagSets: readonly (readonly Tag[])[];
  readonly attributeSets: readonly Readonly<Record<string, AttributeValue>>[];
}

function makePools(random: Random, staff: Staff): Pools {
  return {
    tagSets: Array.from({ length: 512 }, () => tagSet(random, staff.tags)),
    attributeSets: Array.from({ length: 256 }, (_, index) => attributeSet(random, index)),
  };
}

/** Few conversations carry many tags, and few tags are on many conversations. */
function tagSet(random: Random, tags: readonly Tag[]): readonly Tag[] {
  const chosen = new Set<Tag>();
  const count = tags.length === 0 ? 0 : Math.floor(random.fraction() ** 2 * 5);
  for (let drawn = 0; drawn < count; drawn += 1) chosen.add(pickAt(tags, random.fraction() ** 3));
  return [...chosen];
}

function attributeSet(random: Random, index: number): Readonly<Record<string, AttributeValue>> {
  if (random.chance(0.2)) return {};
  return {
    plan: random.pick(['free', 'pro', 'enterprise']),
    order_value: random.integer(1, 2000),
    contract_signed: random.chance(0.3),
    delivery_note: random.chance(0.5) ? `${personalMarker} note ${index}` : null,
  };
}

interface Beginning {
  readonly id: number;
  readonly createdAt: number;
  readonly now: number;
  readonly contactNumber: number;
  readonly staff: Staff;
}

function generateConversation(random: Random, pools: Pools, beginning: Beginning): Conversation {
  const { id, createdAt, now, contactNumber, staff } = beginning;
  const state = drawState(random, now - createdAt);
  // From ten minutes to about two weeks, most of them short.
  const talkSeconds = Math.min(now - createdAt, Math.floor(600 * 10 ** (random.fraction() * 3.3)));
  const talkEnd = createdAt + talkSeconds;
  const adminId = random.chance(0.85) && staff.admins.length > 0 ? random.pick(staff.admins).id : 0;
  const statistics = generateStatistics(random, { createdAt, talkEnd, state, adminId });
  const isWaiting = state === 'open' && random.chance(0.5);
  const touchedLater = state === 'closed' && random.chance(0.15);
  const initiated = drawInitiation(random);
  const ticketId = random.chance(0.04) ? id + 500 : 0;
  return {
    id,
    createdAt,
    updatedAt: touchedLater ? random.integer(talkEnd, now) : talkEnd,
    waitingSince: isWaiting ? (statistics?.last_contact_reply_at ?? talkEnd) : null,
    snoozedUntil: state === 'snoozed' ? now + random.integer(1, 30) * secondsPerDay : null,
    state,
    read: random.chance(0.8),
    priority: random.chance(0.85) ? 'none' : random.pick(['low', 'medium', 'high', 'urgent'] as const),
    adminId,
    teamId: random.chance(0.75) && staff.teams.length > 0 ? random.pick(staff.teams).id : 0,
    companyNumber: random.chance(0.4) ? 1 + (contactNumber % 1000) : 0,
    tags: random.pick(pools.tagSets),
    contactNumbers: random.chance(0.03) ? [contactNumber, contactNumber + 1] : [contactNumber],
    teammateIds: adminId === 0 ? [] : [adminId],
    sourceType: random.pick(channels),
    deliveredAs: initiated.deliveredAs,
    authorType: initiated.authorType,
    attributes: random.pick(pools.attributeSets),
    ticketId,
    linked: drawLinks(random, id, ticketId),
    rating:
      random.chance(0.08) && adminId !== 0
        ? drawRating(random, createdAt, talkEnd, contactNumber, adminId)
        : null,
    aiAgent: random.chance(0.3) ? drawAiAgent(random, talkEnd) : null,
    statistics,
    listed: true,
  };
}

const channels = [
  'conversation',
  'conversation',
  'conversation',
  'email',
  'email',
  'whatsapp',
  'facebook',
  'sms',
  'instagram',
  'phone_call',
];

function drawState(random: Random, ageSeconds: number): ConversationState {
  const isRecent = ageSeconds < 30 * secondsPerDay;
  if (random.chance(isRecent ? 0.3 : 0.05)) return 'open';
  return random.chance(0.03) ? 'snoozed' : 'closed';
}

function drawInitiation(random: Random) {
  const drawn = random.fraction();
  if (drawn < 0.75)
    return { deliveredAs: 'customer_initiated', authorType: random.chance(0.8) ? 'user' : 'lead' } as const;
  if (drawn < 0.9) return { deliveredAs: 'admin_initiated', authorType: 'admin' } as const;
  return { deliveredAs: 'automated', authorType: 'bot' } as const;
}

function drawLinks(random: Random, id: number, ticketId: number): readonly LinkedObject[] {
  if (ticketId !== 0 && random.chance(0.5))
    return [{ type: 'ticket', id: String(ticketId), category: 'Customer' }];
  if (random.chance(0.02)) return [{ type: 'ticket', id: String(id + 700), category: 'Back-office' }];
  if (random.chance(0.01)) return [{ type: 'conversation', id: String(id - 1013), category: null }];
  return noLinks;
}
const noLinks: readonly LinkedObject[] = [];

function drawRating(
  random: Random,
  createdAt: number,
  talkEnd: number,
  contactNumber: number,
  adminId: number,
): Rating {
  const requestedAt = random.integer(createdAt, talkEnd);
  return {
    score: random.integer(1, 5),
    requestedAt,
    repliedAt: random.integer(requestedAt, talkEnd),
    contactNumber,
    adminId,
  };
}

const resolutions = [
  'assumed_resolution',
  'confirmed_resolution',
  'escalated',
  'negative_feedback',
  'procedure_handoff',
  null,
];

function drawAiAgent(random: Random, talkEnd: number): AiAgent {
  const rating = random.chance(0.2) ? random.integer(1, 5) : null;
  return {
    sourceType: random.pick(['workflow', 'profile', 'essentials_plan_setup']),
    lastAnswerType: random.pick(['ai_answer', 'custom_answer', null] as const),
    resolutionState: resolutions[random.integer(0, resolutions.length - 1)] ?? null,
    rating,
    ratedAt: rating === null ? null : talkEnd,
  };
}
