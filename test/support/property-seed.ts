/**
 * Every run of the tests asks the same questions, so that a change is judged by what it changed. `PROPERTY_SEED=N npm test` asks others,
 * and `npm run soak -- properties` asks many. Vitest loads this before each test file, and calls `setup` once, at the start.
 */
import fc from 'fast-check';

const usualSeed = '1';
const text = process.env['PROPERTY_SEED'] ?? usualSeed;
const seed = Number(text);
if (text.trim() === '' || !Number.isInteger(seed)) {
  throw new Error(`PROPERTY_SEED is "${text}"; it must be a whole number, such as ${usualSeed}.`);
}

fc.configureGlobal({ seed });

export function setup(): void {
  process.stdout.write(`Properties are tested with seed ${seed} (PROPERTY_SEED=N for another).\n`);
}
