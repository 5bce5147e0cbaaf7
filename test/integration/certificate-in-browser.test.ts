import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Certificate } from '#cli/certificate/certificate.ts';
import { certificatePage, dataOfPage } from '#cli/certificate/certificate-page.ts';
import { makeCertificate } from '#cli/certificate/make-certificate.ts';
import { findChromium, launch, openFile } from '#support/browser.ts';
import { idOf, sealedWorld, twoYearRule } from '#support/sealed-world.ts';

const chromium = findChromium();
const axeText = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const hostile = `</script></style><img src=x onerror=alert(1)>"'&\u2028`;

/** With much to say: a nested condition, words from outside that are markup, and a note to the reader. */
async function aCertificate(): Promise<Certificate> {
  const when = { any: [twoYearRule.when, { not: { created: { newer_than: '2y' } } }] };
  const rules = [
    { ...twoYearRule, description: hostile, legal_basis: `${'Retention schedule '.repeat(9)}4.2`, when },
  ];
  await using sealed = await sealedWorld({ sealed: 2, policy: { approval: 'each_run', rules } });
  const { world, seals, workspaceId } = sealed;
  return await makeCertificate(
    { audit: world.audit, seals, clock: world.clock },
    workspaceId,
    idOf(1),
    'intercom-retention 0.0.0',
  );
}

describe.skipIf(chromium === undefined)('a certificate in a browser', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const file = join(folder, 'certificate.html');
  let browser: Browser;
  let certificate: Certificate;
  beforeAll(async () => {
    certificate = await aCertificate();
    writeFileSync(file, certificatePage(certificate));
    browser = await launch(chromium ?? '');
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  it.each([1280, 360])(
    'has no serious flaw that axe finds, asks for nothing, and fits into %i px',
    async (width) => {
      await using opened = await openFile(browser, file, { viewport: { width, height: 800 } });
      const { page, complaints, requests } = opened;
      await page.evaluate(axeText);
      const { violations } = await page.evaluate<AxeResults>('axe.run()');
      expect(violations.filter(({ impact }) => impact !== 'minor').map(({ id }) => id)).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect([...complaints, ...requests]).toEqual([]);
    },
  );

  it('shows words from outside as words, and carries the certificate unharmed', async () => {
    await using opened = await openFile(browser, file);
    const { page } = opened;
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('dd').first().innerText()).toContain(
      '</script></style><img src=x onerror=alert(1)>"\'&',
    );
    const data = await page.locator('script#certificate').textContent();
    expect(JSON.parse(data!)).toEqual(certificate);
    expect(dataOfPage(readFileSync(file, 'utf8'))).toBe(data);
  });

  it.each(['A4', 'Letter'])('prints on two pages of %s: the certificate, and its proof', async (format) => {
    await using opened = await openFile(browser, file);
    const pdf = await opened.page.pdf({ format });
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(2);
  });

  it('says that Intercom has not confirmed where a reader looks first', async () => {
    await using opened = await openFile(browser, file, { viewport: { width: 1280, height: 800 } });
    const note = await opened.page.locator('.caution').boundingBox();
    const why = await opened.page.locator('h2').first().boundingBox();
    expect(note!.y + note!.height).toBeLessThan(why!.y);
    expect(why!.y).toBeLessThan(800);
  });
});
