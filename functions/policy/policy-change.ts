/** One thing that differs between two policies, what they leave out filled in. */
export interface PolicyChange {
  /** `limits.per_run`, `rules.closed-two-years.when`. */
  readonly path: string;
  /** As the policy writes it; undefined when it was not there. */
  readonly before: string | undefined;
  /** Undefined when it is not there any more. */
  readonly after: string | undefined;
  /** Why somebody should look at it twice: one sentence. */
  readonly warning: string | undefined;
}
