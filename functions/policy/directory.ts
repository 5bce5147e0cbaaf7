import type { AdminId, TagId, TeamId } from './ids.ts';

export type DirectoryKind = 'tags' | 'teams' | 'admins';

interface Named<Id> {
  readonly id: Id;
  readonly name: string;
}

/** The names of a workspace, by which a policy speaks of its tags, teams and teammates. A kind that was not asked for is empty. */
export interface Directory {
  readonly tags: readonly Named<TagId>[];
  readonly teams: readonly Named<TeamId>[];
  readonly admins: readonly Named<AdminId>[];
}
