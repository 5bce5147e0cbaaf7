import { type Html, type HtmlValue, html } from '../html.ts';
import { countText } from '../number-text.ts';

/** Large figures side by side, the first one largest. */
export const figureCards = (cards: readonly Html[]): Html => html`<dl class="figures">${cards}</dl>`;

/** @param name by which a program finds the figure on the page */
export const figureCard = (name: string, term: string, count: number, note: HtmlValue): Html =>
  html`<div><dt>${term}</dt><dd><b data-figure="${name}">${countText(count)}</b> <span>${note}</span></dd></div>`;
