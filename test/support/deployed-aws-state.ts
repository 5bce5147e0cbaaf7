import type { PolicyJson } from '#support/stack-policies.ts';

/** What is in the AWS of one deployed stack; tests change it. */
export interface AwsState {
  stackStatus: string | undefined;
  readonly outputs: Map<string, string>;
  /** The secret's text; undefined when there is none. */
  secret: string | undefined;
  readonly tables: Map<string, FakeTable>;
  readonly schedules: Map<string, FakeSchedule>;
  /** As SNS lists them: an ARN, or `PendingConfirmation`. */
  subscriptions: readonly string[];
  /** Messages waiting, by the queue's URL. */
  readonly queues: Map<string, number>;
  /** Names of the sealing function's role, a page each: only the last page has it. */
  sealingRoles: readonly string[];
  /** Signs the seals; undefined when there is none. */
  sealKey: FakeKey | undefined;
  /** Keeps the seals; undefined when there is none. */
  sealBucket: FakeBucket | undefined;
  /** Takes alarms and summaries. */
  readonly topic: { policy: PolicyJson; encryptionKey: string | undefined };
  /** Of the sweep's state machine, the newest last. */
  readonly executions: FakeExecution[];
  /** What a new execution is like. */
  newExecution: Omit<FakeExecution, 'name' | 'asked'>;
  /** What the webhook answers to a HEAD and to a forged notification. */
  readonly webhook: { head: number; forged: number };
  /** Operations that fail, with the name of the error and its status; counted down when `times` is given. */
  readonly broken: Map<string, { readonly error: string; readonly status: number; times?: number }>;
  /** Operations in the order in which they were asked for. */
  readonly calls: string[];
}

interface FakeTable {
  deletionProtected: boolean;
  pointInTimeRecovery: boolean;
  policy: string | undefined;
}

interface FakeKey {
  /** As KMS calls it. */
  state: string;
  spec: string;
  usage: string;
  policy: PolicyJson;
}

export const publicAccess = [
  'BlockPublicAcls',
  'BlockPublicPolicy',
  'IgnorePublicAcls',
  'RestrictPublicBuckets',
] as const;
type PublicAccess = (typeof publicAccess)[number];

interface FakeBucket {
  /** For which it locks what is put into it; 0 for no lock. */
  lockDays: number;
  /** Undefined for never switched on. */
  versioning: 'Enabled' | 'Suspended' | undefined;
  /** Its four settings; undefined for none of them ever set. */
  publicAccessBlock: Readonly<Record<PublicAccess, boolean>> | undefined;
  /** Undefined for none. */
  policy: PolicyJson | undefined;
}

interface FakeSchedule {
  state: 'ENABLED' | 'DISABLED';
  timeZone: string;
}

export interface FakeExecution {
  readonly name: string;
  status: string;
  output?: string;
  error?: string;
  cause?: string;
  /** What it was started with. */
  readonly input?: string;
  /** How often it is `RUNNING` before it is what `status` says. */
  runningFor?: number;
  asked: number;
}

export const deployedStack = 'IntercomRetention-test';
export const sweepMachine = 'arn:aws:states:eu-west-1:123456789012:stateMachine:Sweep';
export const executionArn = (name: string) => `arn:aws:states:eu-west-1:123456789012:execution:Sweep:${name}`;
