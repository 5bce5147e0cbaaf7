import { type Html, html } from '../html.ts';

/**
 * How the parts of a chart are told apart: the colours of Okabe and Ito, which colour-blind readers can tell apart, each
 * with a pattern of its own, so that neither a grey print nor a reader needs the colour. The colours are variables of the
 * page's style, the patterns those that `fillPatterns` defines once.
 */
export const seriesFills = ['blue', 'orange', 'green', 'sky', 'vermilion', 'purple', 'yellow'] as const;
export type SeriesFill = (typeof seriesFills)[number] | 'grey';

export const fillOf = (fill: SeriesFill): string => `url(#fill-${fill})`;

/** Lines and dots on the colour; none on the first. Paths of a square of 8 by 8. */
const inks: Readonly<Record<SeriesFill, string | undefined>> = {
  blue: undefined,
  orange: 'M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4',
  green: 'M2,2 h.01 M6,6 h.01',
  sky: 'M0,2 h8 M0,6 h8',
  vermilion: 'M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4',
  purple: 'M0,0 l8,8 M0,8 l8,-8',
  yellow: 'M2,0 v8 M6,0 v8',
  grey: 'M4,4 h.01',
};

/** Has to stand on the page once, before what it fills. */
export const fillPatterns = (): Html =>
  html`<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>${Object.entries(
    inks,
  ).map(
    ([fill, ink]) =>
      html`<pattern id="fill-${fill}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" style="fill:var(--${fill})"/>${
        ink === undefined ? undefined : html`<path d="${ink}" class="ink"/>`
      }</pattern>`,
  )}</defs></svg>`;

/** The little square of a legend. */
export const swatch = (fill: SeriesFill): Html =>
  html`<svg class="swatch" width="16" height="16" aria-hidden="true" focusable="false"><rect x=".5" y=".5" width="15" height="15" fill="${fillOf(fill)}" class="edge"/></svg>`;
