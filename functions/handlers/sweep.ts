import { lambdaHandler } from '#runtime/lambda-handler.ts';
import { composeSweep } from './compose-sweep.ts';
import { isOwnError } from './own-error.ts';
import { decodeSweepEvent } from './sweep-event.ts';
import { sweepSlice } from './sweep-slice.ts';

/** One slice of a sweep: invoked again with its own answer until that says `done`. */
export const handler = lambdaHandler({
  service: 'sweep',
  compose: composeSweep,
  decode: decodeSweepEvent,
  handle: sweepSlice,
  isOwnError,
});
