import { describe, expect, it } from 'vitest';
import { toOutcomeRecord } from '#audit/outcome-record.ts';
import { instantFromIso } from '#policy/instant.ts';
import { aConfirmation, anOutcome } from '#support/audit-builders.ts';

describe('toOutcomeRecord', () => {
  it('gives every field its fixed name, in the fixed order, with times in ISO 8601', () => {
    const record = toOutcomeRecord({ outcome: anOutcome(), confirmation: aConfirmation() });
    expect(JSON.stringify(record, null, 1).split('\n')).toEqual(
      JSON.stringify(
        {
          workspace_id: 'a86dr8yl',
          conversation_id: '215470000000001',
          outcome: 'deleted',
          reason: null,
          rule_id: 'closed-two-years',
          policy_hash: '3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea',
          run_id: '019a0001-7c1e-7b3a-9d2f-0a1b2c3d4e5f',
          trigger: 'schedule',
          retain_metrics: true,
          metrics_retained: true,
          planned_at: '2026-11-21T11:50:00.000Z',
          attempted_at: '2026-11-21T11:59:59.930Z',
          deleted_at: '2026-11-21T11:59:59.000Z',
          confirmed_at: '2026-11-21T13:00:00.000Z',
          http_status: 200,
          intercom_request_id: '0049j3a1s8e0m2b7s6ng',
          facts: {
            state: 'closed',
            created_at: '2022-01-03T08:15:30.000Z',
            updated_at: '2022-02-14T17:45:01.000Z',
            tag_ids: ['7522907', '7522908', '7522911'],
            team_id: '5017691',
            has_ticket: false,
          },
        },
        null,
        1,
      ).split('\n'),
    );
  });

  it('says null for what is not known and not confirmed', () => {
    const unknown = {
      state: undefined,
      createdAt: undefined,
      updatedAt: undefined,
      tagIds: undefined,
      teamId: undefined,
      hasTicket: undefined,
    };
    const outcome = anOutcome({
      outcome: 'kept',
      reason: 'held',
      attemptedAt: null,
      deletedAt: null,
      httpStatus: null,
      intercomRequestId: null,
      facts: unknown,
    });
    expect(toOutcomeRecord({ outcome, confirmation: undefined })).toMatchObject({
      reason: 'held',
      metrics_retained: null,
      attempted_at: null,
      deleted_at: null,
      confirmed_at: null,
      http_status: null,
      intercom_request_id: null,
      facts: {
        state: null,
        created_at: null,
        updated_at: null,
        tag_ids: null,
        team_id: null,
        has_ticket: null,
      },
    });
  });

  it("gives our own time of deletion until Intercom's is known", () => {
    const deletedAt = instantFromIso('2026-11-21T09:00:00.123Z');
    const outcome = anOutcome({ deletedAt });
    expect(toOutcomeRecord({ outcome, confirmation: undefined }).deleted_at).toBe('2026-11-21T09:00:00.123Z');
  });
});
