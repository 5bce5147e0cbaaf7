import { Construct } from 'constructs';
import { AuditTable } from './audit-table.ts';
import type { Deployment } from './deployment.ts';
import type { RetentionFunction } from './retention-function.ts';
import { StateTable } from './state-table.ts';
import { WorkspaceSecret } from './workspace-secret.ts';

/** What a workspace's functions share: both tables and the secret. */
export class WorkspaceStores extends Construct {
  readonly audit: AuditTable;
  readonly state: StateTable;
  readonly secret: WorkspaceSecret;

  constructor(scope: Construct, id: string, { stage, settings }: Deployment) {
    super(scope, id);
    this.audit = new AuditTable(this, 'Audit', settings.auditAdminRole);
    this.state = new StateTable(this, 'State');
    this.secret = new WorkspaceSecret(this, 'Intercom', settings.secretName ?? `intercom-retention/${stage}`);
  }

  /** All that a function needs to delete conversations and to record it. */
  grantSweeping(worker: RetentionFunction): void {
    this.audit.grantAppend(worker);
    this.state.grantReadWrite(worker);
    this.secret.grantRead(worker);
  }
}
