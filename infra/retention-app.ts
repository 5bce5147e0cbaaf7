import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { projectPath } from './bundle.ts';
import { readDeployment } from './deployment.ts';
import { RetentionStack } from './retention-stack.ts';

/** The app with the stack that its context asks for; cdk-nag goes through it at synth. @throws DeploymentError */
export function retentionApp(props?: AppProps): App {
  // Synthesized by whoever asks for it: by itself it would leave an empty assembly behind when a setting is bad.
  const app = new App({ ...props, autoSynth: false });
  const deployment = readDeployment(app.node, projectPath);
  new RetentionStack(app, `IntercomRetention-${deployment.stage}`, deployment, {
    description: `Deletes conversations of the Intercom workspace ${deployment.policy.workspaceId} by policy`,
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return app;
}
