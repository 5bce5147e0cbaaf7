import type { Input } from '#support/aws-wire.ts';
import {
  type AwsState,
  deployedStack,
  executionArn,
  type FakeExecution,
  sweepMachine,
} from '#support/deployed-aws-state.ts';

interface Answer {
  readonly status: number;
  readonly answer: object;
}

/** What AWS says to one call. */
export function answerTo(aws: AwsState, operation: string, input: Input): Answer {
  const failure = aws.broken.get(operation);
  if (failure !== undefined && failure.times !== 0) {
    if (failure.times !== undefined) failure.times -= 1;
    return refused(failure.error, 'out of order', failure.status);
  }
  switch (operation) {
    case 'DescribeStacks':
      return describeStack(aws, input['StackName'] ?? '');
    case 'GetSecretValue':
      return aws.secret === undefined
        ? refused('ResourceNotFoundException', 'no such secret')
        : fine({ Name: input['SecretId'], SecretString: aws.secret });
    case 'DescribeTable':
    case 'DescribeContinuousBackups':
    case 'GetResourcePolicy':
      return describeTable(aws, operation, input);
    case 'GetSchedule': {
      const schedule = aws.schedules.get(input['Name'] ?? '');
      return schedule === undefined
        ? refused('ResourceNotFoundException', 'no such schedule', 404)
        : fine({
            State: schedule.state,
            ScheduleExpression: 'cron(0 3 * * ? *)',
            ScheduleExpressionTimezone: schedule.timeZone,
          });
    }
    case 'ListStackResources':
      return listResources(aws, Number(input['NextToken'] ?? '0'));
    case 'DescribeKey':
    case 'GetKeyPolicy':
      return keyAnswer(aws, operation, input);
    case 'GetObjectLockConfiguration':
    case 'GetBucketVersioning':
    case 'GetPublicAccessBlock':
    case 'GetBucketPolicy':
      return bucketAnswer(aws, operation);
    case 'GetTopicAttributes':
      return fine({ policy: JSON.stringify(aws.topic.policy), encryptionKey: aws.topic.encryptionKey });
    case 'ListSubscriptionsByTopic':
      return fine({ Subscriptions: aws.subscriptions });
    case 'GetQueueAttributes': {
      const waiting = aws.queues.get(input['QueueUrl'] ?? '');
      return waiting === undefined
        ? refused('QueueDoesNotExist', 'no such queue')
        : fine({ Attributes: { ApproximateNumberOfMessages: String(waiting) } });
    }
    case 'ListExecutions':
    case 'StartExecution':
    case 'DescribeExecution':
      return machineAnswer(aws, operation, input);
    default:
      return refused('UnknownOperationException', operation);
  }
}

const fine = (answer: object): Answer => ({ status: 200, answer });
const refused = (error: string, message: string, status = 400): Answer => ({
  status,
  answer: { __type: error, message },
});

const describeStack = ({ stackStatus, outputs }: AwsState, name: string): Answer =>
  stackStatus === undefined || name !== deployedStack
    ? refused('ValidationError', `Stack with id ${name} does not exist`)
    : fine({ stackStatus, outputs: [...outputs] });

function describeTable({ tables }: AwsState, operation: string, input: Input): Answer {
  const name = input['TableName'] ?? input['ResourceArn']?.split('/')[1] ?? '';
  const table = tables.get(name);
  if (table === undefined) return refused('ResourceNotFoundException', 'no such table');
  if (operation === 'DescribeTable')
    return fine({
      Table: {
        TableName: name,
        TableStatus: 'ACTIVE',
        TableArn: `arn:aws:dynamodb:eu-west-1:123456789012:table/${name}`,
        DeletionProtectionEnabled: table.deletionProtected,
      },
    });
  if (operation === 'DescribeContinuousBackups') {
    const PointInTimeRecoveryStatus = table.pointInTimeRecovery ? 'ENABLED' : 'DISABLED';
    return fine({
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus },
      },
    });
  }
  return table.policy === undefined
    ? refused('PolicyNotFoundException', 'no policy')
    : fine({ Policy: table.policy });
}

/** A role a page, of which only that on the last one is the sealing function's. */
function listResources({ sealingRoles }: AwsState, page: number): Answer {
  const isLast = page >= sealingRoles.length - 1;
  const role = sealingRoles[page];
  const id = isLast ? 'SealingSliceRoleA3F7C744' : 'SealingLoopMachineRole1A2B3C4D';
  return fine({
    roles: role === undefined ? [] : [[id, role]],
    nextToken: isLast ? undefined : String(page + 1),
  });
}

function keyAnswer({ sealKey }: AwsState, operation: string, input: Input): Answer {
  if (sealKey === undefined) return refused('NotFoundException', 'no such key');
  const { state, spec, usage, policy } = sealKey;
  return operation === 'GetKeyPolicy'
    ? fine({ Policy: JSON.stringify(policy), PolicyName: input['PolicyName'] })
    : fine({ KeyMetadata: { KeyId: input['KeyId'], KeyState: state, KeySpec: spec, KeyUsage: usage } });
}

function bucketAnswer({ sealBucket }: AwsState, operation: string): Answer {
  if (sealBucket === undefined) return refused('NoSuchBucket', 'no such bucket', 404);
  const { lockDays, versioning, publicAccessBlock, policy } = sealBucket;
  switch (operation) {
    case 'GetObjectLockConfiguration':
      return lockDays === 0
        ? refused('ObjectLockConfigurationNotFoundError', 'no lock', 404)
        : fine({ lockDays });
    case 'GetBucketVersioning':
      return fine({ versioning });
    case 'GetPublicAccessBlock':
      return publicAccessBlock === undefined
        ? refused('NoSuchPublicAccessBlockConfiguration', 'no such setting', 404)
        : fine({ publicAccessBlock });
    default:
      return policy === undefined ? refused('NoSuchBucketPolicy', 'no policy', 404) : fine(policy);
  }
}

function machineAnswer(aws: AwsState, operation: string, input: Input): Answer {
  const { executions } = aws;
  if (operation === 'ListExecutions') {
    const { statusFilter } = input;
    const listed = executions.filter((each) => statusFilter === undefined || statusOf(each) === statusFilter);
    const startDate = 1_700_000_000;
    return fine({
      executions: listed.toReversed().map(({ name, ...each }) => ({
        executionArn: executionArn(name),
        name,
        status: statusOf({ name, ...each }),
        stateMachineArn: sweepMachine,
        startDate,
      })),
    });
  }
  if (operation === 'StartExecution') {
    const name = input['name'] ?? '';
    executions.push({ ...aws.newExecution, name, input: input['input'] ?? '', asked: 0 });
    return fine({ executionArn: executionArn(name), startDate: 1_700_000_000 });
  }
  const found = executions.find(({ name }) => executionArn(name) === input['executionArn']);
  if (found === undefined) return refused('ExecutionDoesNotExist', 'no such execution');
  const status = statusOf(found);
  found.asked += 1;
  const { name, output, error, cause } = found;
  const begun = {
    executionArn: executionArn(name),
    name,
    status,
    stateMachineArn: sweepMachine,
    startDate: 1_700_000_000,
  };
  return fine(status === 'RUNNING' ? begun : { ...begun, output, error, cause });
}

const statusOf = ({ status, runningFor = 0, asked }: FakeExecution): string =>
  asked < runningFor ? 'RUNNING' : status;
