import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { certificatePage } from '#cli/certificate/certificate-page.ts';
import { makeCertificate } from '#cli/certificate/make-certificate.ts';
import { toolName } from '#cli/tool-name.ts';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { findChromium, launch, openFile } from './browser.ts';
import { sealedWorld } from './sealed-world.ts';

/** Takes the picture of a certificate that the documentation shows: `node test/support/certificate-screenshot.ts` writes docs/certificate.png. */

const picture = fileURLToPath(new URL('../../docs/certificate.png', import.meta.url));
const chromium = findChromium();
if (chromium === undefined) throw new Error('A picture needs a browser: install chromium.');

const id = '215472856448646';
const folder = mkdtempSync(join(tmpdir(), 'retention-picture-'));
try {
  await using sealed = await sealedWorld({ conversations: [{ id, updatedDaysAgo: 812.4, team: 'Support' }] });
  const { world, seals, workspaceId } = sealed;
  const deps = { audit: world.audit, seals, clock: world.clock };
  const certificate = await makeCertificate(deps, workspaceId, brandId<ConversationId>(id), toolName);
  const file = join(folder, 'certificate.html');
  writeFileSync(file, certificatePage(certificate));
  const browser = await launch(chromium);
  const opened = await openFile(browser, file, { viewport: { width: 960, height: 1320 } });
  await opened.page.screenshot({ path: picture });
  await browser.close();
} finally {
  rmSync(folder, { recursive: true });
}
