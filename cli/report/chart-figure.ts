import { type Html, html } from '../html.ts';
import { countText } from '../number-text.ts';
import type { ChartSize } from './draw-chart.ts';
import { type SeriesFill, swatch } from './series-fill.ts';

/** One kind of part that the columns or bars of a chart are made of. */
export interface Series {
  readonly name: string;
  readonly fill: SeriesFill;
  /** The sum of all its parts. */
  readonly total: number;
}

export interface ChartFigure {
  readonly id: string;
  readonly title: string;
  /** What the chart shows, in a sentence with its main figures. */
  readonly says: string;
  readonly series: readonly Series[];
  readonly draw: (size: ChartSize) => Html;
  /** The same figures. */
  readonly table: Html;
}

/** A chart with its title, what it says, its legend, and the same figures as a table. */
export const chartFigure = ({ id, title, says, series, draw, table }: ChartFigure): Html =>
  html`<figure class="chart" id="${id}" aria-labelledby="${id}-title">
<figcaption><h3 id="${id}-title">${title}</h3><p>${says}</p></figcaption>
<ul class="legend">${series.map(
    ({ name, fill, total }) => html`<li>${swatch(fill)} ${name} <b>${countText(total)}</b></li>`,
  )}</ul>
<div class="wide">${draw('wide')}</div><div class="narrow">${draw('narrow')}</div>
<details><summary>The same figures as a table</summary>
${table}</details>
</figure>`;
