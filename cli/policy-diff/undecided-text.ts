import type { UndecidedByRule } from '#sweep/comparison-tally.ts';
import { countText } from '../number-text.ts';

/** `new policy, rule spam: 120, for want of attributes.Category, tags` */
export const undecidedText = ({ policy, ruleId, count, needs }: UndecidedByRule): string =>
  `${policy} policy, rule ${ruleId}: ${countText(count)}, for want of ${needs.join(', ')}`;
