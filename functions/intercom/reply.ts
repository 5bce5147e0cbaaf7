/** What came of a call, once it is clear what Intercom said. */
export type Reply =
  | {
      readonly kind: 'ok';
      readonly httpStatus: number;
      readonly requestId: string | null;
      readonly json: unknown;
    }
  /** 4xx: without effect. 429 is `rate_limited` instead; 408 counts as lost. */
  | Refused
  | {
      readonly kind: 'rate_limited';
      readonly httpStatus: 429;
      readonly code: string;
      readonly requestId: string | null;
    }
  /** It never reached Intercom: no connection came about. */
  | { readonly kind: 'not_sent'; readonly code: string }
  | Lost;

export interface Refused {
  readonly kind: 'refused';
  readonly httpStatus: number;
  /** Intercom's error code, or `http_404` and the like when it gives none. */
  readonly code: string;
  readonly requestId: string | null;
}

/** It reached Intercom, or may have, and no answer says what it came to. */
export interface Lost {
  readonly kind: 'lost';
  /** `http_502`, `timeout`, `connection`, `unreadable_answer` … */
  readonly code: string;
  readonly httpStatus: number | null;
  readonly requestId: string | null;
}
