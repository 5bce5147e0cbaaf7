import type { HoldTarget } from '#sweep/hold.ts';
import type { OutcomeKind, RunTrigger } from '#sweep/outcome.ts';
import type { ReconcileClass } from '#sweep/reconcile-record.ts';
import type { Act, RefusalCode, StopReason } from '#sweep/run-record.ts';

/** Our words in the words of whoever reads a report and has never seen the program. */

export const outcomeWords: Readonly<Record<OutcomeKind, string>> = {
  deleted: 'Deleted',
  not_found: 'Already gone',
  unresolved: 'Answer lost',
  failed: 'Failed',
  kept: 'Spared',
};

export const triggerWords: Readonly<Record<RunTrigger, string>> = {
  schedule: 'schedule',
  manual: 'a person',
  webhook: 'an event',
  erasure: 'an erasure',
};

export const endWords: Readonly<Record<StopReason, string>> = {
  done: 'finished',
  refused: 'refused',
  deadline: 'ran out of time',
  interrupted: 'interrupted',
  paused: 'stopped: deletion switched off',
  failures: 'stopped: too many failures',
  superseded: 'given up for a newer plan',
};

/** Why the gate, the check before any deletion, says no. */
export const refusalWords: Readonly<Record<RefusalCode, string>> = {
  observe_mode: 'The policy is set to observe only: it may plan, and may not delete.',
  not_approved: 'Nobody had approved it.',
  policy_changed: 'The policy had changed since the plan was made.',
  per_run: 'It would have deleted more than one run may.',
  per_day: 'It would have deleted more than may go within 24 hours.',
  share_of_workspace: 'It would have deleted a larger share of the workspace than may go.',
  share_unknown_total:
    'Intercom did not say how many conversations there are, so the share that may go could not be worked out.',
  holds_unreadable: 'The legal holds could not be read.',
  paused: 'Deletion was switched off.',
  plan_incomplete: 'The plan was not complete.',
  plan_applied: 'The plan had been carried out already.',
};

const keptWords: Readonly<Record<string, string>> = {
  held: 'A legal hold had been placed on it.',
  changed: 'It had changed since the plan was made, and no rule matched any more.',
  protected: 'The policy protects it.',
  over_limit: 'A limit of the policy left no room for it.',
  stopped: 'Its run ended before its turn came.',
};
export const keptWord = (reason: string): string => keptWords[reason] ?? reason;

export const classWords: Readonly<Record<ReconcileClass, { readonly name: string; readonly means: string }>> =
  {
    confirmed: {
      name: 'Confirmed',
      means:
        'Intercom lists a conversation that this program deleted, and kept or removed its metrics as asked.',
    },
    flag_mismatch: {
      name: 'Metrics not as asked',
      means:
        'Intercom lists a conversation that this program deleted, but treated its metrics otherwise than asked.',
    },
    deleted_elsewhere: {
      name: 'Deleted by others',
      means:
        'Intercom lists it, and no run of this program can have deleted it: a person did, or another app.',
    },
    before_audit: {
      name: 'Deleted before this audit began',
      means:
        'Intercom lists it, and it was deleted before the first record of this program, which could not know of it.',
    },
    claimed_but_absent: {
      name: 'Missing from the list',
      means:
        "This program has a record of deleting it, or of a lost answer, and after a day Intercom's list does not name it.",
    },
  };

export const actWords: Readonly<Record<Act['kind'], string>> = {
  approved: 'approved the plan',
  hold_added: 'placed a legal hold on',
  hold_released: 'released the legal hold on',
  paused: 'switched deletion off for',
  resumed: 'switched deletion on again for',
  erasure_requested: 'asked to erase',
};

export const actNames: Readonly<Record<Act['kind'], string>> = {
  approved: 'Approvals',
  hold_added: 'Holds placed',
  hold_released: 'Holds released',
  paused: 'Deletion switched off',
  resumed: 'Deletion switched on',
  erasure_requested: 'Erasures requested',
};

export const holdTargetWords: Readonly<Record<HoldTarget, string>> = {
  conversation: 'one conversation',
  contact: 'all conversations of a contact',
  company: 'all conversations of a company',
  tag: 'all conversations with a tag',
};
