import type { Share } from './policy.ts';

const decimals = 6;
export const sharePattern = /^(0|[1-9]\d?|100)(\.\d{1,6})?%$/;
export const shareHelp = `a share from 0% to 100% such as 5% or 2.5% (at most ${decimals} decimals)`;

/** Undefined when `text` is no share from 0% to 100%. */
export function parseShare(text: string): Share | undefined {
  const match = sharePattern.exec(text);
  if (match === null) return undefined;
  const whole = match[1] ?? '';
  const fraction = match[2]?.slice(1) ?? '';
  const numerator = BigInt(whole + fraction);
  const denominator = 100n * 10n ** BigInt(fraction.length);
  return numerator <= denominator ? { numerator, denominator } : undefined;
}

/** The share as a policy writes it: `5%`, `2.5%`. */
export function formatShare({ numerator, denominator }: Share): string {
  const smallestUnits = (numerator * 100n * 10n ** BigInt(decimals)) / denominator;
  const digits = smallestUnits.toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  const whole = digits.slice(0, -decimals);
  return fraction === '' ? `${whole}%` : `${whole}.${fraction}%`;
}

/** Whether `count` is at most this share of `total`. Exact. Both are whole numbers from 0 to 2^53 - 1. */
export function isWithinShare(count: number, share: Share, total: number): boolean {
  return BigInt(count) * share.denominator <= share.numerator * BigInt(total);
}

/** The largest whole number that is within this share of `total`. */
export function largestWithinShare(share: Share, total: number): number {
  return Number((share.numerator * BigInt(total)) / share.denominator);
}
