import { createHash } from 'node:crypto';
import type { Instant } from '#policy/instant.ts';
import { toIso } from '#policy/instant.ts';
import packageJson from '../package.json' with { type: 'json' };
import { type HtmlValue, html, trustedHtml } from './html.ts';
import { minuteWords } from './report/date-words.ts';
import { pageStyle } from './report/page-style.ts';

/** What all pages have in common: a title, where they come from, and what they were made by. */
export interface Page {
  /** What kind of page it is, in a word. */
  readonly kind: string;
  readonly title: string;
  /** Below the title: what the page is about. */
  readonly about: HtmlValue;
  readonly body: HtmlValue;
  /** Runs in the browser; nothing else may. */
  readonly script?: string;
  readonly madeAt: Instant;
  readonly policyHash: string;
  /** The command that makes the same page again. */
  readonly command: string;
}

/** Stands near the beginning of every page of ours. */
const generatorName = 'intercom-retention';

/** A whole page in one file. It asks nobody for anything: no address outside of it may be loaded, and no other script may run. */
export function renderPage(page: Page): string {
  const { kind, title, about, body, script, madeAt, policyHash, command } = page;
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="${generatorName} ${kind}">
<meta http-equiv="Content-Security-Policy" content="${securityPolicy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${trustedHtml(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header><h1>${title}</h1>
${about}</header>
<main id="main">
${body}
</main>
<footer>
<dl>
<div><dt>Made</dt><dd><time datetime="${toIso(madeAt)}">${minuteWords(madeAt)}</time> (UTC) by intercom-retention ${packageJson.version}</dd></div>
<div><dt>Policy in force then</dt><dd><code class="long">${policyHash}</code></dd></div>
<div><dt>Make it again</dt><dd><code>${command}</code></dd></div>
</dl>
</footer>${
    script === undefined
      ? undefined
      : html`
<script>${trustedHtml(script)}</script>`
  }
</body>
</html>
`);
}

/** Whether the beginning of a file is that of a page of this project, which a newer one may take the place of. */
export const isOwnPage = (beginning: string): boolean =>
  beginning.startsWith('<!doctype html>') &&
  beginning.includes(`<meta name="generator" content="${generatorName} `);

function securityPolicy(script: string | undefined): string {
  const allowed =
    script === undefined ? "'none'" : `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  return `default-src 'none'; style-src 'unsafe-inline'; script-src ${allowed}; base-uri 'none'; form-action 'none'`;
}
