import { lambdaHandler } from '#runtime/lambda-handler.ts';
import { composeSeal } from './compose-seal.ts';
import { isOwnError } from './own-error.ts';
import { sealSlice } from './seal-slice.ts';
import { decodeSliceEvent } from './slice-event.ts';

/** One slice of sealing the audit: invoked again with its own answer until that says `done`. */
export const handler = lambdaHandler({
  service: 'seal',
  compose: composeSeal,
  decode: decodeSliceEvent,
  handle: sealSlice,
  isOwnError,
});
