import * as z from 'zod';
import { policyDocument } from './policy-schema.ts';

/** JSON Schema of the policy file (draft 7, which editors know best), made from the definition that parses it. */
export function policyJsonSchema(): object {
  return z.toJSONSchema(policyDocument, { io: 'input', target: 'draft-7' });
}
