/** The style of all pages: light and dark, on a phone, a desk and paper. No font, image or address from outside. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f5f6f8; --text: #1b1e23; --soft: #545b66; --line: #d8dce2; --link: #0a4f8f;
  --warn-ground: #fff6e0; --warn-line: #d99a00; --calm-ground: #eaf6f0; --calm-line: #2c8a62;
  --blue: #0072b2; --orange: #e69f00; --green: #009e73; --sky: #56b4e9; --vermilion: #d55e00; --purple: #cc79a7;
  --yellow: #f0e442; --grey: #b8bec7; --ink: #1b1e23a6; --edge: #1b1e2399;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --raised: #1d2127; --text: #e9ecf0; --soft: #adb5c0; --line: #363d47; --link: #8cc4f5;
    --warn-ground: #30270f; --warn-line: #d9a520; --calm-ground: #12281f; --calm-line: #4fae86;
    --blue: #3d9bd9; --grey: #6d7682; --ink: #14171bbf; --edge: #e9ecf080;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto; max-width: 72rem; padding: 2rem 1.5rem 3rem; background: var(--ground); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.015em; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .5rem; letter-spacing: -.01em; }
h3 { font-size: 1.05rem; line-height: 1.35; margin: 0 0 .25rem; }
p, ul { margin: 0 0 .9rem; max-width: 46rem; }
ul { padding-left: 1.25rem; }
a { color: var(--link); }
header p { color: var(--soft); margin: 0; font-size: 1.05rem; }
header p strong { color: var(--text); }
section { margin-top: 3rem; }
section#headline { margin-top: 2rem; }
code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: break-word; }
code.long { overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; background: var(--ground); padding: .25rem .5rem; }

.figures { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; }
.figures > div { flex: 1 1 11rem; }
.figures > div:first-child { flex: 2 1 22rem; }
.figures > div:first-child b { font-size: 2.6rem; }
.figures > div { background: var(--raised); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem .9rem; }
.figures dt { font-weight: 600; }
.figures dd { margin: 0; }
.figures b { display: block; font-size: 1.9rem; line-height: 1.25; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.figures span { display: block; color: var(--soft); font-size: .875rem; line-height: 1.4; }

.notice { border: 1px solid var(--warn-line); border-left-width: .4rem; border-radius: .4rem; background: var(--warn-ground); padding: .8rem 1rem; margin: 1rem 0; max-width: none; }
.notice ul, .notice p { margin: 0; max-width: none; }
.notice p + ul, .notice p + p { margin-top: .4rem; }
.notice.calm { border-color: var(--calm-line); background: var(--calm-ground); }

.chart { margin: 1.25rem 0 0; }
.chart figcaption p { color: var(--soft); margin-bottom: .5rem; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; margin: 0 0 .5rem; max-width: none; font-size: .9rem; }
.legend li { display: flex; align-items: center; gap: .4rem; overflow-wrap: anywhere; }
.legend b { font-variant-numeric: tabular-nums; }
.swatch { flex: none; border-radius: 2px; }
.patterns { position: absolute; }
.ink { stroke: var(--ink); stroke-width: 1.4; stroke-linecap: round; fill: none; }
#fill-green .ink, #fill-grey .ink { stroke-width: 2.2; }
.edge { stroke: var(--edge); stroke-width: .75; }
.plot { display: block; width: 100%; height: auto; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow: visible; }
.plot .label { font-weight: 600; font-size: 11px; stroke: var(--ground); stroke-width: 3px; paint-order: stroke; }
.narrow { display: none; }

.tall { max-height: 32rem; }
.scroll { overflow-x: auto; margin: .75rem 0 1.5rem; border: 1px solid var(--line); border-radius: .4rem; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: .875rem; }
caption { text-align: left; font-weight: 600; padding: .55rem .6rem; color: var(--soft); }
caption span { display: inline-block; position: sticky; left: .6rem; max-width: calc(100vw - 4rem); }
.grounds { display: block; color: var(--soft); font-size: .9em; }
th code:not(.long) { font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-top: 1px solid var(--line); font-weight: 400; }
thead th { position: sticky; top: 0; background: var(--raised); font-weight: 600; vertical-align: bottom; }
tfoot th, tfoot td { font-weight: 600; border-top: 2px solid var(--line); }
.number { text-align: right; padding-left: .5rem; padding-right: .5rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead .number { white-space: normal; }
time { white-space: nowrap; }
.prose { min-width: 11rem; }
td .long, th .long { display: block; min-width: 19.5ch; font-size: .8em; line-height: 1.4; }
thead button { font: inherit; color: inherit; background: none; border: 0; padding: 0; margin: 0; cursor: pointer; text-align: inherit; }
thead button::after { content: "\\00a0\\2195"; color: var(--soft); font-weight: 400; }
thead [aria-sort=ascending] button::after { content: "\\00a0\\2191"; color: inherit; }
thead [aria-sort=descending] button::after { content: "\\00a0\\2193"; color: inherit; }
thead button:hover { text-decoration: underline; }
.tools { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; font-size: .9rem; margin-top: 1rem; }
.tools input, .tools select { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--soft); border-radius: .3rem; padding: .25rem .4rem; max-width: 100%; }
.tools [role=status] { color: var(--soft); }
.tools + .scroll { margin-top: .5rem; }

details { margin: .5rem 0 1rem; }
summary { cursor: pointer; color: var(--link); font-size: .9rem; padding: .2rem 0; width: fit-content; }
.ids { columns: 12rem; }
.words > div { margin: 0 0 .5rem; max-width: 46rem; }
.words dt { font-weight: 600; display: inline; }
.words dt::after { content: ":\\00a0"; }
.words dd { display: inline; margin: 0; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; }
footer dl { margin: 0; }
footer dt { font-weight: 600; display: inline; }
footer dt::after { content: ":\\00a0"; }
footer dd { display: inline; margin: 0; }

@media screen and (max-width: 40rem) {
  body { padding: 1.25rem 1rem 2rem; }
  h1 { font-size: 1.6rem; }
  section { margin-top: 2.25rem; }
  .figures { gap: .5rem; }
  .figures > div { padding: .6rem .7rem; flex: 1 1 8.5rem; }
  .figures > div:first-child { flex-basis: 100%; }
  .figures b { font-size: 1.5rem; }
  .figures > div:first-child b { font-size: 2rem; }
  .wide { display: none; }
  .narrow { display: block; }
  th, td { padding: .4rem .55rem; }
  .tools label { width: 100%; }
}

@page { size: A4; margin: 15mm 13mm 17mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
@media print {
  body { max-width: none; padding: 0; font-size: 9.5pt; line-height: 1.4; }
  h1 { font-size: 18pt; }
  h2 { font-size: 13pt; }
  h1, h2, h3, figcaption, caption, .legend, p:has(+ .scroll) { break-after: avoid; }
  section { margin-top: 8mm; }
  .skip, .tools, .chart summary { display: none; }
  summary { list-style: none; color: inherit; font-weight: 600; break-after: avoid; }
  thead button { display: contents; }
  .figures { gap: 2mm; }
  .figures > div, .figures > div:first-child { flex: 1 1 55mm; }
  .figures > div, .notice, .words > div, .legend, .plot, figcaption, p, tr, li { break-inside: avoid; }
  .short { break-inside: avoid; }
  /* Room for caption, column names and three rows: chromium keeps no caption with what follows it. */
  .scroll:not(.short)::before { content: ""; display: block; height: 45mm; margin-bottom: -45mm; break-inside: avoid; }
  tbody:has(+ tfoot) tr:last-child { break-after: avoid; }
  tbody tr:nth-last-child(-n+2) { break-before: avoid; }
  .figures b, .figures > div:first-child b { font-size: 16pt; }
  .figures span, table { font-size: 8pt; }
  .prose { min-width: 0; }
  .scroll { overflow: visible; max-height: none; border: 0; margin: 2mm 0 4mm; }
  thead { display: table-header-group; }
  tfoot { display: table-row-group; }
  thead th { position: static; background: none; border-bottom: 1.5px solid #555; }
  th, td, .number { padding: 1mm 1.2mm; }
  caption { padding: 1mm 1.2mm; }
  caption span { max-width: none; }
  thead button::after { content: none; }
  a { color: inherit; text-decoration: none; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  .chart > div { max-width: 170mm; }
}
`;
