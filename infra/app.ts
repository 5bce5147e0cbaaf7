import { DeploymentError } from './deployment.ts';
import { retentionApp } from './retention-app.ts';

try {
  retentionApp().synth();
} catch (error) {
  if (!(error instanceof DeploymentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
