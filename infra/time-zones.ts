/** `Etc/UTC`, `America/Argentina/Buenos_Aires`, `US/Eastern`: no offset such as `+01:00`. */
const nameForm = /^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)*$/;

/** Whether a time zone of the IANA data base has this name, spelt as there. Names that are kept for another one's sake count. */
export function isTimeZone(name: string): boolean {
  if (!nameForm.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // Intl takes any case; EventBridge Scheduler does not.
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}
