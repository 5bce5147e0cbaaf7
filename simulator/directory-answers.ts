import { type Answer, ok } from './answer.ts';
import type { Staff } from './staff.ts';

/** Who and where the simulated workspace is. */
export interface WorkspaceProfile {
  readonly workspaceId: string;
  readonly name: string;
  /** `US`, `EU`, `AU`. */
  readonly region: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly staff: Staff;
}

/** `GET /me`, `/tags`, `/teams`, `/admins`: none of them comes in pages, and each has its own key. */
export const directoryAnswers = {
  me: ({ workspaceId, name, region, timeZone }: WorkspaceProfile): Answer =>
    ok({
      type: 'admin',
      id: '991267399',
      email: 'api-owner@example.com',
      name: 'API Owner',
      email_verified: true,
      app: {
        type: 'app',
        id_code: workspaceId,
        name,
        created_at: 1_500_000_000,
        secure: false,
        identity_verification: false,
        timezone: timeZone,
        region,
      },
      avatar: { type: 'avatar', image_url: 'https://static.example.com/avatar.png' },
      has_inbox_seat: true,
    }),

  tags: ({ staff }: WorkspaceProfile): Answer =>
    ok({ type: 'list', data: staff.tags.map(({ id, name }) => ({ type: 'tag', id, name })) }),

  teams: ({ staff }: WorkspaceProfile): Answer =>
    ok({
      type: 'team.list',
      teams: staff.teams.map(({ id, name, adminIds }) => ({
        type: 'team',
        id: String(id),
        name,
        admin_ids: adminIds,
      })),
    }),

  admins: ({ staff }: WorkspaceProfile): Answer =>
    ok({
      type: 'admin.list',
      admins: staff.admins.map(({ id, name, email, teamIds }) => ({
        type: 'admin',
        id: String(id),
        name,
        email,
        away_mode_enabled: false,
        away_mode_reassign: false,
        has_inbox_seat: true,
        team_ids: teamIds,
      })),
    }),
};
