import { createAuditTrail } from '#audit/audit-trail.ts';
import { createDocumentClient } from '#audit/document-client.ts';
import { brandId } from '#policy/ids.ts';
import { text } from '#runtime/config.ts';
import { envNames } from '#runtime/env-names.ts';
import { readEnvironment } from '#runtime/environment.ts';
import type { AuditQueryDeps } from './answer-audit-query.ts';
import { requireConfig } from './require-config.ts';
import { systemClock } from './system-clock.ts';

/** The real audit trail, of the workspace that is deployed for. Sends nothing yet. @throws ConfigurationError */
export function composeAuditQuery(): AuditQueryDeps {
  const config = requireConfig(readEnvironment(), {
    workspaceId: text(envNames.workspaceId),
    auditTable: text(envNames.auditTable),
  });
  return {
    audit: createAuditTrail(createDocumentClient(), config.auditTable, systemClock),
    workspaceId: brandId(config.workspaceId),
  };
}
