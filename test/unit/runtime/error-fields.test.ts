import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorFields } from '#runtime/error-fields.ts';

const withCode = (error: Error, code: unknown) => Object.assign(error, { code });

describe('errorFields', () => {
  it('says the message of an error that is tellable, and the names and codes of its causes', () => {
    const reset = withCode(new Error('socket of tok-4711 hung up'), 'ECONNRESET');
    const cause = new TypeError('about tok-4711', { cause: reset });
    expect(errorFields(new RangeError('Too far.', { cause }), () => true)).toEqual({
      error_name: 'RangeError',
      error_code: undefined,
      error_message: 'Too far.',
      caused_by: 'TypeError < Error ECONNRESET',
      thrown_at: undefined,
    });
  });

  it('says of a foreign error its name, its code and where it was thrown, and no word of its message', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (noise) => {
        const message = `secret-4711 ${noise}\n    at secret-4711 (file:///x.ts:1:1)`;
        const fields = errorFields(withCode(new SyntaxError(message), 'E_1'), () => false);
        expect(fields).toMatchObject({ error_name: 'SyntaxError', error_code: 'E_1' });
        expect(fields['thrown_at']).toContain('error-fields.test.ts');
        expect(JSON.stringify(fields)).not.toContain('secret-4711');
      }),
    );
  });

  it.each([{ token: 'tok-4711' }, 7, 'a tok-4711 with blanks', 'x'.repeat(65)])(
    'leaves out a code that is no short word: %j',
    (code) => {
      expect(errorFields(withCode(new Error(), code), () => true)['error_code']).toBeUndefined();
    },
  );

  it('says of something thrown that is no error only what type it is', () => {
    expect(errorFields('tok-4711', () => true)).toEqual({ error_name: 'string' });
    expect(errorFields(undefined, () => true)).toEqual({ error_name: 'undefined' });
  });

  it('comes to an end with causes that go in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(errorFields(error, () => true)['caused_by']).toMatch(/^Error( < Error)*$/);
  });
});
