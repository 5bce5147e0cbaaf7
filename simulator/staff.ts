import type { Tag } from './conversation.ts';

/** Tags, teams and teammates of the simulated workspace. */
export interface Staff {
  readonly tags: readonly Tag[];
  readonly teams: readonly Team[];
  readonly admins: readonly Admin[];
}

interface Team {
  readonly id: number;
  readonly name: string;
  readonly adminIds: readonly number[];
}

interface Admin {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly teamIds: readonly number[];
}

const usualTags = [
  'billing', 'bug', 'feature-request', 'vip', 'refund', 'onboarding', 'spam', 'legal-hold', 'gdpr-erase', 'churn-risk',
  'shipping', 'returns', 'invoice', 'login', 'password', 'mobile', 'api', 'integration', 'feedback', 'partner',
  'press', 'security', 'outage', 'trial', 'enterprise', 'renewal', 'translation', 'duplicate', 'escalated', 'follow-up',
]; // biome-ignore format: a table of words
const usualTeams = ['Support', 'Sales', 'Finance', 'Legal', 'Success', 'Engineering'];
const usualAdmins = [
  'Ada Archer', 'Ben Baker', 'Cleo Carter', 'Dan Draper', 'Eve Eaton', 'Finn Fisher', 'Gus Glover', 'Hana Hunter',
  'Ivo Inman', 'Jo Joyner', 'Kit Keeler', 'Lea Lorimer',
]; // biome-ignore format: a table of names

export interface StaffNames {
  readonly tagNames?: readonly string[] | undefined;
  readonly teamNames?: readonly string[] | undefined;
  readonly adminNames?: readonly string[] | undefined;
}

/** Ids follow from the position of each name. Names may repeat: Intercom does not promise that they are unique. */
export function staffOf({ tagNames, teamNames, adminNames }: StaffNames): Staff {
  const tags = (tagNames ?? usualTags).map((name, index) => ({ id: String(7_522_900 + index), name }));
  const teamIds = (teamNames ?? usualTeams).map((_, index) => 5_017_690 + index);
  const admins = (adminNames ?? usualAdmins).map((name, index) => ({
    id: 991_267_400 + index,
    name,
    email: `teammate-${index + 1}@example.com`,
    teamIds: teamIds.filter((_, team) => team === index % teamIds.length),
  }));
  const teams = (teamNames ?? usualTeams).map((name, index) => {
    const id = 5_017_690 + index;
    return {
      id,
      name,
      adminIds: admins.filter((admin) => admin.teamIds.includes(id)).map((admin) => admin.id),
    };
  });
  return { tags, teams, admins };
}
