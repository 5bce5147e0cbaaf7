/** For a screen of any width, and for A4 or Letter paper. Nothing is loaded: fonts are those of the machine. */
export const certificateStyle = `
:root {
  color-scheme: light;
  --ink: #16202c; --soft: #4a5766; --line: #d5dce4; --tint: #f4f6f9; --accent: #1f4b7a; --warn: #8a4b00; --warn-tint: #fff6e8;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, "DejaVu Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: #e9edf2; color: var(--ink); font: 15px/1.5 var(--sans); }
main, footer { width: min(100%, 53rem); margin: 0 auto; background: #fff; padding: 0 3.5rem; }
main { margin-top: 2rem; padding-top: 3rem; padding-bottom: 1px; border-top: 6px solid var(--accent); }
footer { margin-bottom: 2rem; padding-top: 1px; padding-bottom: 2.5rem; color: var(--soft); font-size: 0.87rem; }
h1, h2 { font-family: var(--serif); font-weight: 600; line-height: 1.2; margin: 0; }
h1 { font-size: 2.1rem; letter-spacing: -0.01em; }
h2 { font-size: 1.15rem; margin: 1.9rem 0 0.6rem; padding-bottom: 0.3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 0.95rem; margin: 1.3rem 0 0.4rem; }
p { margin: 0.45rem 0; }
ul { margin: 0.4rem 0; padding-left: 1.2rem; }
li { margin: 0.15rem 0; }
.kind { margin: 0 0 0.4rem; font-size: 0.78rem; letter-spacing: 0.12em; text-transform: uppercase; color: var(--accent); }
.subject { font-size: 1.05rem; color: var(--soft); margin: 0.5rem 0 0; }
.statement { margin: 1.5rem 0 0; padding: 1rem 1.2rem; background: var(--tint); border-left: 4px solid var(--accent);
  font: 1.08rem/1.55 var(--serif); }
.caution { margin: 0.9rem 0 0; padding: 0.7rem 1.2rem; background: var(--warn-tint); border-left: 4px solid var(--warn); }
dl { display: grid; grid-template-columns: 11.5rem 1fr; gap: 0.3rem 1.2rem; margin: 0.5rem 0; }
dt { color: var(--soft); }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.note { color: var(--soft); font-size: 0.87rem; }
code, pre { font-family: var(--mono); font-size: 0.84em; overflow-wrap: anywhere; }
pre { margin: 0.5rem 0; padding: 0.7rem 0.9rem; background: var(--tint); border: 1px solid var(--line); white-space: pre-wrap; line-height: 1.45; }
.condition { list-style: none; padding-left: 0; margin: 0; }
.condition li:first-child { margin-top: 0; }
.condition li { padding-left: calc(1.1rem + var(--depth, 0) * 1.2rem); text-indent: -1.1rem; }
.condition li::before { content: "\\2013"; display: inline-block; width: 1.1rem; text-indent: 0; color: var(--soft); }
table { width: 100%; border-collapse: collapse; font-size: 0.87rem; margin: 0.5rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.8rem 0.35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
thead th { color: var(--soft); font-weight: 500; }
td:last-child, th:last-child { padding-right: 0; }
td { overflow-wrap: anywhere; }
.when { white-space: nowrap; font-variant-numeric: tabular-nums; }
@media (max-width: 40rem) {
  body { background: #fff; font-size: 16px; }
  main, footer { padding-left: 1.2rem; padding-right: 1.2rem; }
  main { margin-top: 0; padding-top: 1.6rem; }
  footer { margin-bottom: 0; }
  h1 { font-size: 1.7rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 0.55rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td, th { display: block; border: 0; padding: 0; }
  tbody tr { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
  .when { color: var(--soft); }
  table { font-size: 0.93rem; }
}
@page { margin: 11mm 17mm; }
@media print {
  html { font-size: 9pt; }
  body { background: #fff; font-size: 1rem; line-height: 1.33; }
  main, footer { width: auto; margin: 0; padding: 0; }
  main { padding-top: 4mm; border-top-width: 1.2mm; }
  h1 { font-size: 1.95rem; }
  h2 { margin: 3mm 0 1.1mm; padding-bottom: 0.8mm; break-after: avoid; }
  h3 { break-after: avoid; margin: 3mm 0 1mm; }
  dl { gap: 0.5mm 5mm; grid-template-columns: 34mm 1fr; margin: 0; }
  p { margin: 0.8mm 0; }
  th, td { padding-top: 0.7mm; padding-bottom: 0.7mm; }
  .statement { margin-top: 3mm; padding: 2mm 4mm; font-size: 1.15rem; }
  .caution { margin-top: 2mm; padding: 1.4mm 4mm; }
  pre { margin: 1.5mm 0; padding: 1.4mm 3mm; line-height: 1.22; font-size: 0.8em; }
  .statement, .caution, pre, tr, li { break-inside: avoid; }
  .statement, .caution, pre { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .annex { break-before: page; }
  .annex h2 { margin-top: 0; }
  footer { margin-top: 3mm; }
}
`;
