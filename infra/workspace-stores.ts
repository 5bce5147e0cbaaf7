import { Construct } from 'constructs';
import { AuditTable } from './audit-table.ts';
import type { Deployment } from './deployment.ts';
import { NoticeBus } from './notice-bus.ts';
import type { RetentionFunction } from './retention-function.ts';
import { StateTable } from './state-table.ts';
import { WorkspaceSecret } from './workspace-secret.ts';

/** What a workspace's functions share: both tables, the secret, and the bus that hears of deletions. */
export class WorkspaceStores extends Construct {
  readonly audit: AuditTable;
  readonly state: StateTable;
  readonly secret: WorkspaceSecret;
  readonly #notices: NoticeBus | undefined;

  constructor(scope: Construct, id: string, { stage, settings }: Deployment) {
    super(scope, id);
    this.audit = new AuditTable(this, 'Audit', settings.auditAdminRole);
    this.state = new StateTable(this, 'State');
    this.secret = new WorkspaceSecret(this, 'Intercom', settings.secretName ?? `intercom-retention/${stage}`);
    const { noticeEventBus } = settings;
    this.#notices = noticeEventBus === undefined ? undefined : new NoticeBus(this, 'Notices', noticeEventBus);
  }

  /** All that a function needs to read the workspace and to record what it finds. */
  grantRecording(worker: RetentionFunction): void {
    this.audit.grantAppend(worker);
    this.state.grantReadWrite(worker);
    this.secret.grantRead(worker);
  }

  /** The same, and to tell others what it deleted. */
  grantDeleting(worker: RetentionFunction): void {
    this.grantRecording(worker);
    this.#notices?.grantTell(worker);
  }
}
