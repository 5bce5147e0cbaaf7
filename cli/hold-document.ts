import { toIso } from '#policy/instant.ts';
import type { Hold } from '#sweep/hold.ts';

/** A hold as `--json` prints it. */
export const toHoldDocument = (hold: Hold) => ({
  target: hold.target,
  target_id: hold.targetId,
  matter: hold.matter,
  owner: hold.owner,
  reason: hold.reason,
  placed_at: toIso(hold.placedAt),
});

/** `conversation 123` */
export const holdSubject = ({ target, targetId }: Pick<Hold, 'target' | 'targetId'>): string =>
  `${target} ${targetId}`;
