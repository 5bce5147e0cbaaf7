import { type Check, missing } from './check.ts';

/** What CloudFormation believes to be there, and therefore does not make anew. @param what Is said of it, as a sentence begins. */
export const gone = (what: string): Check =>
  missing(
    `${what}, and an unchanged template does not bring it back; find out who removed it, and see docs/operations.md, "Something of the stack was removed".`,
  );
