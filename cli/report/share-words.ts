/** `97.3%`. Only what is all of it is 100%, and only what is none of it is 0%. */
export function shareWords(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '0%';
  if (part === whole) return '100%';
  const percent = (part / whole) * 100;
  if (percent < 0.1) return 'less than 0.1%';
  return percent > 99.9 && percent < 100 ? 'more than 99.9%' : `${Number(percent.toFixed(1))}%`;
}
