import type { Approval } from '#sweep/run-record.ts';
import { type Html, html } from '../html.ts';
import { timeTag } from './date-words.ts';

/** Who let a plan be carried out; nothing where nobody has. */
export const approvedBy = (approval: Approval | undefined): Html | undefined =>
  approval &&
  html`<p>Approved by <strong>${approval.approvedBy}</strong> on ${timeTag(approval.approvedAt)}${
    approval.covers === 'policy' ? ', together with later plans of the same policy' : ''
  }.</p>`;
