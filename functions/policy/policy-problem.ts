/** One thing that is wrong with a policy file, and where. */
export interface PolicyProblem {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** `rules[0].when.state`; empty for the file as a whole. */
  readonly path: string;
  /** One sentence with the remedy. */
  readonly message: string;
}

export type DocumentPath = readonly (string | number)[];

/** `rules[0].when.attributes["Plan tier"]` */
export function formatPath(path: DocumentPath): string {
  return path.map(formatStep).join('').replace(/^\./, '');
}

function formatStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return /^[A-Za-z_][\w-]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}
