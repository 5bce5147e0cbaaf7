import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { RunState } from '#sweep/ports.ts';
import { readApproval, writeApproval } from './approvals.ts';
import { readDeletionsInLastDay, reserveDeletions, settleReservation } from './deletion-budget.ts';
import { addHold, readHolds, releaseHold } from './hold-states.ts';
import { holdKey, planApprovalKey, policyApprovalKey } from './keys.ts';
import { releaseLease, renewLease, takeLease } from './lease.ts';
import { readPause, writePause } from './pause-state.ts';
import { plans, readPlan, writePlan } from './plan-states.ts';
import {
  absences,
  addAbsence,
  readReconcileProgress,
  removeAbsence,
  writeReconcileProgress,
} from './reconcile-states.ts';
import { readRun, readUnfinishedRun, writeRun } from './run-states.ts';
import type { StoreTable } from './store-table.ts';

/** The run state in DynamoDB: what may change. Every read is strongly consistent; there are no transactions. */
export function createRunState(client: DynamoDBDocumentClient, tableName: string): RunState {
  const table: StoreTable = { client, tableName };
  return {
    takeLease: async (request) => takeLease(table, request),
    renewLease: async (workspaceId, fence, expiresAt, lane) =>
      renewLease(table, workspaceId, fence, expiresAt, lane),
    releaseLease: async (workspaceId, fence, lane) => releaseLease(table, workspaceId, fence, lane),

    readRun: async (workspaceId, runId) => readRun(table, workspaceId, runId),
    readUnfinishedRun: async (workspaceId) => readUnfinishedRun(table, workspaceId),
    writeRun: async (run, fence) => writeRun(table, run, fence),

    readPlan: async (workspaceId, planId) => readPlan(table, workspaceId, planId),
    plans: (workspaceId) => plans(table, workspaceId),
    writePlan: async (plan, fence) => writePlan(table, plan, fence),

    readPlanApproval: async (workspaceId, planId) =>
      readApproval(table, planApprovalKey(workspaceId, planId)),
    readPolicyApproval: async (workspaceId, policyHash) =>
      readApproval(table, policyApprovalKey(workspaceId, policyHash)),
    writeApproval: async (approval) => writeApproval(table, approval),

    readPause: async (workspaceId) => readPause(table, workspaceId),
    writePause: async (workspaceId, pause) => writePause(table, workspaceId, pause),

    readHolds: async (workspaceId) => readHolds(table, workspaceId),
    addHold: async (workspaceId, hold) => addHold(table, workspaceId, hold),
    releaseHold: async (workspaceId, target, targetId, matter) =>
      releaseHold(table, holdKey(workspaceId, target, targetId, matter)),

    deletionsInLastDay: async (workspaceId, now) => readDeletionsInLastDay(table, workspaceId, now),
    reserveDeletions: async (reservation) => reserveDeletions(table, reservation),
    settleReservation: async (workspaceId, key, actual, now) =>
      settleReservation(table, workspaceId, key, actual, now),

    readReconcileProgress: async (workspaceId) => readReconcileProgress(table, workspaceId),
    writeReconcileProgress: async (progress, fence) => writeReconcileProgress(table, progress, fence),
    absences: (workspaceId) => absences(table, workspaceId),
    addAbsence: async (absence) => addAbsence(table, absence),
    removeAbsence: async (absence) => removeAbsence(table, absence),
  };
}
