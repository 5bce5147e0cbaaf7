/** Text, names and addresses of made-up people. All of it carries the marker, so that a test can search for it where it must not be. */
import { drawAt, pickAt } from './random.ts';

/** Part of every personal field that the simulator serves. */
export const personalMarker = 'PERSONAL';

/** As long and as hexadecimal as Intercom's. */
export const contactId = (contactNumber: number): string => `6762f0f3${hex16(contactNumber)}`;
export const companyId = (companyNumber: number): string => `531ee472${hex16(companyNumber)}`;
export const externalId = (contactNumber: number): string => `user-${contactNumber}`;
export const contactName = (contactNumber: number): string => `${personalMarker} Customer ${contactNumber}`;
export const contactEmail = (contactNumber: number): string =>
  `${personalMarker}-customer-${contactNumber}@example.com`;
export const companyName = (companyNumber: number): string => `${personalMarker} Company ${companyNumber}`;

/** Undefined when the text is no id of this workspace's contacts. */
export function contactNumberOf(id: string): number | undefined {
  return /^6762f0f3[0-9a-f]{16}$/.test(id) ? Number.parseInt(id.slice(8), 16) : undefined;
}

const openings = [
  'Hello, I need help with',
  'Hi there, question about',
  'Good morning, still waiting for',
  'Urgent problem with',
];
const matters = [
  'my invoice',
  'the mobile app',
  'a refund',
  'my last order',
  'the login page',
  'our integration',
  'a delivery',
];

const matterOf = (id: number): string => pickAt(matters, drawAt(1, 'matter', id));
export const subjectOf = (id: number): string => `${personalMarker} ${matterOf(id)} ${id}`;
export const bodyOf = (id: number): string =>
  `<p>${pickAt(openings, drawAt(1, 'opening', id))} ${matterOf(id)}. ${personalMarker} body ${id}, +1 555 0100.</p>`;
export const titleOf = (id: number): string => `${personalMarker} title: ${matterOf(id)}`;
export const remarkOf = (id: number): string => `${personalMarker} remark ${id}`;

const hex16 = (value: number): string => value.toString(16).padStart(16, '0');
