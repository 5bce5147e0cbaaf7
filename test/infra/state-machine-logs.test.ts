import { describe, expect, it } from 'vitest';
import { synthesizeTemplate } from '#support/template.ts';

const template = synthesizeTemplate();
const machines = template.all('AWS::StepFunctions::StateMachine');

describe('the log of a state machine', () => {
  it('has the name with which CloudWatch needs no line for it in a policy of the account, one for each', () => {
    const names = machines.map(({ properties }) => {
      const [destination] = properties.LoggingConfiguration.Destinations;
      const [id] = destination.CloudWatchLogsLogGroup.LogGroupArn['Fn::GetAtt'];
      return template.one('AWS::Logs::LogGroup', id).properties.LogGroupName;
    });
    expect(names.toSorted()).toEqual([
      '/aws/vendedlogs/states/IntercomRetention-test/Reconcile',
      '/aws/vendedlogs/states/IntercomRetention-test/Seal',
      '/aws/vendedlogs/states/IntercomRetention-test/Sweep',
    ]);
  });

  it('goes with the stack, or the name would be taken when the stack is made again', () => {
    const named = template
      .all('AWS::Logs::LogGroup')
      .filter(({ properties }) => properties.LogGroupName !== undefined);
    expect(named).toHaveLength(machines.length);
    for (const { deletionPolicy, updateReplacePolicy } of named) {
      expect([deletionPolicy, updateReplacePolicy]).toEqual(['Delete', 'Delete']);
    }
  });
});
