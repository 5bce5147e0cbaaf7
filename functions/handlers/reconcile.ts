import { lambdaHandler } from '#runtime/lambda-handler.ts';
import { composeReconcile } from './compose-reconcile.ts';
import { isOwnError } from './own-error.ts';
import { reconcileSlice } from './reconcile-slice.ts';
import { decodeSliceEvent } from './slice-event.ts';

/** One slice of a reconciliation: invoked again with its own answer until that says `done`. */
export const handler = lambdaHandler({
  service: 'reconcile',
  compose: composeReconcile,
  decode: decodeSliceEvent,
  handle: reconcileSlice,
  isOwnError,
});
