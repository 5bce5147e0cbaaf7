import { TimeZone } from 'aws-cdk-lib';

/** What the CDK knows of the IANA data base, but for its placeholder: `Etc/UTC`, `Asia/Kolkata` … */
const ofTheCdk = Object.getOwnPropertyNames(TimeZone)
  .map((name): unknown => Reflect.get(TimeZone, name))
  .filter((zone) => zone instanceof TimeZone)
  .map(({ timezoneName }) => timezoneName)
  .filter((name) => name !== 'Factory');

const names: ReadonlySet<string> = new Set(['UTC', ...ofTheCdk, ...Intl.supportedValuesOf('timeZone')]);

/**
 * Whether EventBridge Scheduler knows a time zone by this name: one of the IANA data base, spelt as there. Offsets (`+01:00`) and old
 * abbreviations that only some copies of the data base have (`US/Eastern`) are none.
 */
export const isTimeZone = (name: string): boolean => names.has(name);
