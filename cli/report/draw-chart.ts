import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { type Html, trustedHtml } from '../html.ts';

/** Where charts are drawn: a document that nobody looks at. */
const { document } = parseHTML('<!doctype html><html></html>') as { readonly document: unknown }; // see Drawn

/** What is used of an element. The types of both libraries are a browser's, and there is no browser here. */
interface Drawn {
  readonly outerHTML: string;
  querySelectorAll(selector: string): Iterable<Drawn>;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  remove(): void;
}

/** In CSS pixels. A chart is drawn for each, and the page's style shows the one that can be read. */
const chartWidths = { wide: 960, narrow: 330 } as const;
export type ChartSize = keyof typeof chartWidths;

/**
 * Draws a chart as SVG. To who cannot see it, it is one picture with this label; its figures stand in a table beside it.
 * Names in it are text of the drawing, and escaped when the document writes itself.
 */
export function drawChart(label: string, size: ChartSize, options: PlotOptions): Html {
  const svg = plot({ ...options, document, width: chartWidths[size], className: 'plot' }) as Drawn;
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  for (const style of svg.querySelectorAll('style')) style.remove(); // the page has its own
  // One picture has one name; those of its parts are words of the drawing library.
  for (const part of svg.querySelectorAll('g')) part.removeAttribute('aria-label');
  for (const rect of svg.querySelectorAll('rect')) roundOff(rect);
  return trustedHtml(svg.outerHTML);
}

/** A tenth of a pixel is enough, and makes a page of many charts half as large. */
function roundOff(rect: Drawn): void {
  for (const name of ['x', 'y', 'width', 'height']) {
    const value = rect.getAttribute(name);
    if (value !== null) rect.setAttribute(name, String(tenths(Number(value))));
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
