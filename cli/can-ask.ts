/** Whether somebody is there to answer a question: questions are put on stderr, so that stdout holds data alone. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;
