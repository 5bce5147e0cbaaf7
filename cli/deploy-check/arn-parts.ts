/** Where an ARN says that something is. */
export interface ArnParts {
  /** `aws`, `aws-cn` … */
  readonly partition: string;
  /** Twelve digits. */
  readonly account: string;
}

export function arnParts(arn: string): ArnParts {
  const [, partition = '', , , account = ''] = arn.split(':');
  return { partition, account };
}
