import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gatherFigures } from '#cli/report/gather-figures.ts';
import { reportPage } from '#cli/report/report-page.ts';
import { reportSpan } from '#cli/report/report-span.ts';
import { workspaceId } from './audit-builders.ts';
import { findChromium, launch, openFile } from './browser.ts';
import { demoNow, demoPolicy, demoSource } from './report-demo.ts';

/** Takes the picture of a report that the README shows: `node test/support/report-screenshot.ts` writes docs/report.png. */

const picture = fileURLToPath(new URL('../../docs/report.png', import.meta.url));
const chromium = findChromium();
if (chromium === undefined) throw new Error('A picture needs a browser: install chromium.');

const folder = mkdtempSync(join(tmpdir(), 'retention-picture-'));
try {
  const span = reportSpan({}, demoNow);
  const figures = await gatherFigures(demoSource(span), span);
  const file = join(folder, 'report.html');
  writeFileSync(
    file,
    reportPage({ workspaceId, policy: demoPolicy.policy, policyHash: demoPolicy.hash }, figures),
  );
  const browser = await launch(chromium);
  await using opened = await openFile(browser, file, { viewport: { width: 1280, height: 1440 } });
  await opened.page.screenshot({ path: picture });
  await browser.close();
} finally {
  rmSync(folder, { recursive: true });
}
