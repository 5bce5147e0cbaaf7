/** What came of looking at one thing. The message is one sentence, with the remedy where there is something to do. */
export interface Check {
  readonly status:
    | 'ok'
    | 'missing'
    /** It could be known, but not this time: that is no yes. */
    | 'could_not_be_checked'
    /** It cannot be known without doing harm, or nobody asked. */
    | 'not_checked';
  readonly message: string;
}

export const ok = (message: string): Check => ({ status: 'ok', message });
export const missing = (message: string): Check => ({ status: 'missing', message });
export const notChecked = (message: string): Check => ({ status: 'not_checked', message });
export const couldNotBeChecked = (message: string): Check => ({ status: 'could_not_be_checked', message });
