import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { projectPath } from './bundle.ts';
import { DeploymentError, readDeployment } from './deployment.ts';
import { RetentionStack } from './retention-stack.ts';

const app = new App();
try {
  const deployment = readDeployment(app.node, projectPath);
  new RetentionStack(app, `IntercomRetention-${deployment.stage}`, deployment, {
    description: `Deletes conversations of the Intercom workspace ${deployment.policy.workspaceId} by policy`,
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
} catch (error) {
  if (!(error instanceof DeploymentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
