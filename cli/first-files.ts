import { dirname, join } from 'node:path';
import { policyJsonSchema } from '#policy/policy-json-schema.ts';

export interface NewFile {
  readonly path: string;
  readonly text: string;
  /** What is done when it is there already: `keep` what only helps, and can be shared by several policies. */
  readonly whenThere: 'refuse' | 'keep';
}

export interface FirstFilesRequest {
  /** Of the policy. */
  readonly path: string;
  /** The text of the example policy. */
  readonly example: string;
  readonly workspace: string;
  readonly region: 'us' | 'eu' | 'au';
}

/** What somebody needs to begin: the policy with its schema beside it, and the settings to fill in. */
export function firstFiles({ path, example, workspace, region }: FirstFilesRequest): readonly NewFile[] {
  return [
    { path, text: example.replace(/^workspace: .*$/m, `workspace: "${workspace}"`), whenThere: 'refuse' },
    {
      path: join(dirname(path), 'policy.schema.json'),
      text: `${JSON.stringify(policyJsonSchema(), undefined, 2)}\n`,
      whenThere: 'keep',
    },
    { path: '.env.example', text: envExample(region), whenThere: 'keep' },
  ];
}

const envExample = (
  region: string,
): string => `# Settings of intercom-retention. Copy this to .env, which is not for version control.
# Flags come before the environment, and the environment before this file.

# The access token of the workspace's private app. In mode observe it needs Read conversations, tags and admins; to delete, Write
# conversations; for retain_metrics: false also "Delete conversations and metrics".
INTERCOM_ACCESS_TOKEN=
# us, eu or au
INTERCOM_REGION=${region}
# 2.16 unless set; 2.13 to 2.15 keep metrics always.
#INTERCOM_VERSION=2.16

#RETENTION_POLICY=retention.yaml

# Where audit trail and state are kept: a folder of this machine, the tables of a deployed stack, or two tables by their names (then
# RETENTION_STORE=dynamodb); tables need the AWS SDK's own settings.
#RETENTION_DATA_DIR=.retention
#RETENTION_STACK=IntercomRetention-production
#RETENTION_STORE=dynamodb
#AUDIT_TABLE=
#STATE_TABLE=
#AWS_REGION=
`;
