import { html as honoHtml, raw as honoRaw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** Text that is markup already: it is put into other markup as it is. */
export type Html = HtmlEscapedString;

/** What may stand in a template: text is escaped, markup is not, and nothing is made of what is not there. */
export type HtmlValue = string | number | Html | undefined | null | readonly HtmlValue[];

/** Markup from a template. Every value that is not markup itself is escaped, also within quoted attributes. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const made = honoHtml(strings, ...values);
  if (made instanceof Promise) throw new TypeError('A template of a page cannot wait for anything.');
  return made;
}

/** Takes text for markup. For what this project wrote itself: style, script, drawn charts. */
export const trustedHtml = (text: string): Html => honoRaw(text);
