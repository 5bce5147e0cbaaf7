const mostCharacters = 200;

export const plainTextHelp = `1 to ${mostCharacters} characters on one line, without an e-mail address`;

/**
 * Whether somebody's words may stay in the audit, which is for good: an `@` is refused because no e-mail address may. Of other
 * personal data there is no telling.
 */
export const isPlainText = (text: string): boolean =>
  text.trim() !== '' && text.length <= mostCharacters && text.isWellFormed() && !/[@\p{Cc}]/u.test(text);
