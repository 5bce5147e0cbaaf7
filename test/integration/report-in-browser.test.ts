import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatherFigures } from '#cli/report/gather-figures.ts';
import { gatherPlanFigures } from '#cli/report/plan-figures.ts';
import { planPage } from '#cli/report/plan-page.ts';
import type { ReportFigures } from '#cli/report/report-figures.ts';
import { reportPage } from '#cli/report/report-page.ts';
import { reportSpan } from '#cli/report/report-span.ts';
import { type Instant, instantFromIso } from '#policy/instant.ts';
import { workspaceId } from '#support/audit-builders.ts';
import { findChromium, launch, openFile } from '#support/browser.ts';
import {
  demoNow,
  demoPlan,
  demoPlanChunks,
  demoPolicy,
  demoPreviousPlan,
  demoSource,
} from '#support/report-demo.ts';

const chromium = findChromium();
const axeText = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const phone = { viewport: { width: 360, height: 740 } };
const desk = { viewport: { width: 1280, height: 900 } };

describe.skipIf(chromium === undefined)('the pages in a browser', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'retention-browser-'));
  const report = join(folder, 'report.html');
  const halfYear = join(folder, 'half-year.html');
  const plan = join(folder, 'plan.html');
  let browser: Browser;
  let figures: ReportFigures;
  let halfYearFigures: ReportFigures;

  beforeAll(async () => {
    const { policy, hash: policyHash } = demoPolicy;
    const writeReport = async (file: string, from: Instant | undefined): Promise<ReportFigures> => {
      const span = reportSpan({ from }, demoNow);
      const gathered = await gatherFigures(demoSource(span), span);
      writeFileSync(file, reportPage({ workspaceId, policy, policyHash }, gathered));
      return gathered;
    };
    figures = await writeReport(report, undefined);
    halfYearFigures = await writeReport(halfYear, instantFromIso('2026-06-01T00:00:00Z'));
    const planned = await gatherPlanFigures(
      { plan: demoPlan, previous: demoPreviousPlan, approval: undefined },
      demoPlanChunks(),
    );
    writeFileSync(plan, planPage({ policy, present: policy, policyHash, madeAt: demoNow }, planned));
    browser = await launch(chromium ?? '');
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  for (const [name, file] of [
    ['report', report],
    ['plan', plan],
  ] as const) {
    for (const [colorScheme, size] of [
      ['light', desk],
      ['dark', phone],
    ] as const) {
      it(`has no serious flaw that axe finds, no error and no request: ${name}, ${colorScheme}, ${size.viewport.width} px`, async () => {
        await using opened = await openFile(browser, file, { ...size, colorScheme });
        for (const summary of await opened.page.locator('summary').all()) await summary.click();
        expect(await seriousFlaws(opened.page)).toEqual([]);
        expect(opened.complaints).toEqual([]);
        expect(opened.requests).toEqual([]);
      });
    }

    it(`fits on a phone and on a desk without scrolling sideways: ${name}`, async () => {
      for (const size of [desk, phone]) {
        await using opened = await openFile(browser, file, size);
        const width = await opened.page.evaluate<number>('document.documentElement.scrollWidth');
        expect(width).toBeLessThanOrEqual(size.viewport.width);
        const [wide, narrow] = [
          opened.page.locator('.chart .wide').first(),
          opened.page.locator('.chart .narrow').first(),
        ];
        expect([await wide.isVisible(), await narrow.isVisible()]).toEqual([size === desk, size === phone]);
      }
    });
  }

  for (const [name, file] of [
    ['report of half a year', halfYear],
    ['plan', plan],
  ] as const) {
    it(`has no table that is wider than its frame on a desk: ${name}`, async () => {
      await using opened = await openFile(browser, file, desk);
      const { page } = opened;
      for (const summary of await page.locator('summary').all()) await summary.click();
      const frames = await page.evaluate<readonly { table: string; width: number; room: number }[]>(
        `[...document.querySelectorAll('.scroll')].map((frame) => (
          { table: frame.querySelector('table').id, width: frame.scrollWidth, room: frame.clientWidth }))`,
      );
      expect(frames.length).toBeGreaterThanOrEqual(4);
      expect(frames.filter(({ width, room }) => width > room)).toEqual([]);
    });
  }

  it('shows the whole id of each run on a desk', async () => {
    await using opened = await openFile(browser, halfYear, desk);
    const shown = await opened.page.evaluate<readonly { id: string; isWithin: boolean }[]>(
      `(() => {
        const frame = document.querySelector('.scroll:has(#runs-table)');
        const right = frame.getBoundingClientRect().left + frame.clientLeft + frame.clientWidth;
        return [...document.querySelectorAll('#runs-table td:last-child')].map((cell) => {
          const words = document.createRange();
          words.selectNodeContents(cell);
          return { id: cell.innerText.replace(/\\s/g, ''), isWithin: words.getBoundingClientRect().right <= right };
        });
      })()`,
    );
    expect(shown).toEqual(halfYearFigures.runs.newest.map(({ runId }) => ({ id: runId, isWithin: true })));
    expect(shown.length).toBeGreaterThan(200);
  });

  it('leaves ids on a phone as wide as half of one', async () => {
    await using opened = await openFile(browser, report, phone);
    const widths = await opened.page.evaluate<readonly number[]>(
      `[...document.querySelectorAll('td .long, th .long')].map((id) => id.clientWidth / parseFloat(getComputedStyle(id).fontSize))`,
    );
    expect(widths.length).toBeGreaterThan(60);
    // A character of these letters is 0.6 of their size wide, and 18 of the 36 of an id stand in a line.
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(18 * 0.6);
  });

  it('shows the figures of the audit', async () => {
    await using opened = await openFile(browser, report, desk);
    const textOf = (name: string) => opened.page.locator(`[data-figure=${name}]`).innerText();
    const { deleted, kept, failed, unresolved } = figures.outcomes.byOutcome;
    const shown = await Promise.all(['deleted', 'kept', 'failed', 'unresolved', 'runs'].map(textOf));
    expect(shown).toEqual(
      [deleted, kept, failed, unresolved, figures.runs.total].map((n) => n.toLocaleString('en-US')),
    );
  });

  it('sorts by each column with the keyboard, up and down', async () => {
    await using opened = await openFile(browser, report, desk);
    const { page } = opened;
    const head = page.locator('#runs-table thead th', { hasText: 'Deleted' });
    const deleted = async (): Promise<number[]> => {
      const texts = await page.locator('#runs-table tbody tr td:nth-child(6)').allInnerTexts();
      return texts.map((text) => Number(text.replaceAll(',', '')));
    };
    await head.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect(await deleted()).toEqual((await deleted()).toSorted((a, b) => a - b));
    await page.keyboard.press('Space');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    const descending = await deleted();
    expect(descending).toEqual(descending.toSorted((a, b) => b - a));
    expect(descending[0]).toBe(Math.max(...figures.runs.newest.map(({ counts }) => counts.deleted)));
    expect(descending).toHaveLength(figures.runs.newest.length);

    await page.locator('#runs-table thead th', { hasText: 'Began' }).getByRole('button').click();
    const began = await page.evaluate<string[]>(
      `[...document.querySelectorAll('#runs-table tbody th time')].map((time) => time.dateTime)`,
    );
    expect(began).toHaveLength(figures.runs.newest.length);
    expect(began).toEqual(began.toSorted());
  });

  it('filters by a text and by how a run ended, and tells how many are left', async () => {
    await using opened = await openFile(browser, report, desk);
    const { page } = opened;
    const tools = page.locator('#runs .tools');
    const shown = () => page.locator('#runs-table tbody tr:visible').count();
    const refused = figures.runs.byEnd.get('refused') ?? 0;
    await tools.getByLabel('By end').selectOption('refused');
    expect(await shown()).toBe(refused);
    expect(await tools.getByRole('status').innerText()).toBe(`${refused} of ${figures.runs.total} rows`);
    await tools.getByLabel('By end').selectOption('');
    const [first] = figures.runs.newest;
    await tools.getByLabel('Search').fill(first!.runId.toUpperCase());
    expect(await shown()).toBe(1);
    await tools.getByLabel('Search').fill('no such run');
    expect(await shown()).toBe(0);
    await tools.getByLabel('Search').fill('');
    expect(await shown()).toBe(figures.runs.total);
  });

  it('is complete without the script', async () => {
    await using opened = await openFile(browser, report, { ...desk, javaScriptEnabled: false });
    const { page } = opened;
    expect(await page.locator('#runs-table tbody tr').count()).toBe(figures.runs.newest.length);
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await page.locator('.tools').count()).toBe(0);
  });

  it('prints every row, with the column names again on each page', async () => {
    await using opened = await openFile(browser, report, desk);
    const { page } = opened;
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.tools:visible').count()).toBe(0);
    const heads = await page.evaluate<string[]>(
      `[...document.querySelectorAll('thead')].map((head) => getComputedStyle(head).display)`,
    );
    expect(new Set(heads)).toEqual(new Set(['table-header-group']));
    const shown = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.scroll')].map((each) => getComputedStyle(each).overflow)`,
    );
    expect(new Set(shown)).toEqual(new Set(['visible']));
    expect(await page.locator('#deletions-table tbody tr').first().isVisible()).toBe(true);
    // What is a box of its own, as a button is, chromium paints on the first of a table's pages only.
    const names = await page.evaluate<string[]>(
      `[...document.querySelectorAll('thead button')].map((each) => getComputedStyle(each).display)`,
    );
    expect(new Set(names)).toEqual(new Set(['contents']));
  });

  for (const [name, file] of [
    ['report', report],
    ['plan', plan],
  ] as const) {
    it(`prints a small table on one page, and of a larger one no row alone: ${name}`, async () => {
      await using opened = await openFile(browser, file, desk);
      const { page } = opened;
      await page.emulateMedia({ media: 'print' });
      let broken = 0;
      // Each height breaks the tables at other places.
      for (let heightMm = 200; heightMm <= 320; heightMm += 1) {
        for (const { name: table, pages } of await printedTables(page, heightMm)) {
          const parts = [...Map.groupBy(pages, (each) => each).values()].map(({ length }) => length);
          if (parts.length === 1) continue;
          broken += 1;
          const where = `${table} on pages of ${heightMm} mm`;
          expect(pages.length, where).toBeGreaterThan(1 + 8);
          // The caption and three rows, any three rows, or three rows and the total.
          expect(Math.min(...parts), where).toBeGreaterThanOrEqual(3);
        }
      }
      expect(broken).toBeGreaterThan(0);
    });
  }
});

interface PrintedTable {
  readonly name: string;
  /** The page of its caption, and of each row, the total last. */
  readonly pages: readonly number[];
}

/** Columns of a page's size break as pages do, and can be measured. */
async function printedTables(page: Page, pageHeightMm: number): Promise<readonly PrintedTable[]> {
  return page.evaluate<readonly PrintedTable[]>(`(() => {
    const { style } = document.body;
    style.cssText = 'box-sizing: content-box; margin: 0; width: 184mm; columns: 184mm 1; column-gap: 0; column-fill: auto; height: ${pageHeightMm}mm';
    const width = document.body.clientWidth;
    const pageOf = (part) => Math.floor((part.getBoundingClientRect().left + scrollX + 1) / width);
    return [...document.querySelectorAll('table')].map((table) => ({
      name: table.id,
      pages: [...table.querySelectorAll('caption, tbody tr, tfoot tr')].map(pageOf),
    }));
  })()`);
}

async function seriousFlaws(page: Page): Promise<readonly string[]> {
  // The page lets no script run but its own, so axe comes in by the debugger's door.
  await page.evaluate(axeText);
  const results = await page.evaluate<AxeResults>('axe.run()');
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ target }) => target.join(' '))
          .slice(0, 5)
          .join(', ')}`,
    );
}
