import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Claims, readCertificateJson, type WholeClaims } from '#cli/certificate/certificate.ts';
import { lateCautions } from '#cli/certificate/late-cautions.ts';

const golden = fileURLToPath(new URL('../../golden/layout-2/whole.json', import.meta.url));
/** Of a deletion on 6 January 2026. */
const { claims } = readCertificateJson(readFileSync(golden, 'utf8'))!;
const withLate = (...late: WholeClaims['sealed_late']): Claims => ({ ...claims, sealed_late: late });
const approvalIn = (sealDay: string) =>
  ({ role: 'approval', recorded_on: '2026-01-03', seal_day: sealDay }) as const;

describe('lateCautions', () => {
  it('is silent where every record is in the seal of its own day, and of the first layout', () => {
    const { sealed_late: _, ...ofFirstLayout } = claims;
    for (const given of [withLate(), ofFirstLayout]) {
      expect(lateCautions(given)).toEqual({ warning: undefined, note: undefined });
    }
  });

  it.each(['2026-01-06', '2026-01-07'])('warns of an approval that is only in the seal of %s', (sealDay) => {
    const { warning, note } = lateCautions(withLate(approvalIn(sealDay)));
    expect(warning).toMatch(
      /^The approval is dated 3 January 2026, but is only in the seal of [67] January 2026, and/,
    );
    expect(note).toBeUndefined();
  });

  it('notes an approval that was sealed late, but before the day of the deletion', () => {
    expect(lateCautions(withLate(approvalIn('2026-01-05')))).toEqual({
      warning: undefined,
      note: expect.stringMatching(
        /: the approval of 3 January 2026, in the seal of 5 January 2026\. A record/,
      ),
    });
  });

  it('notes every other record in one sentence, beside the warning', () => {
    const plan = { role: 'plan_chunk', recorded_on: '2026-01-05', seal_day: '2026-01-07' } as const;
    const outcome = { role: 'outcome', recorded_on: '2026-01-06', seal_day: '2026-01-07' } as const;
    const { warning, note } = lateCautions(withLate(approvalIn('2026-01-07'), plan, outcome));
    expect(warning).toBeDefined();
    expect(note).toContain(
      ': the planned deletion of 5 January 2026, in the seal of 7 January 2026; the outcome of 6 January 2026, in the seal of 7 January 2026. ',
    );
  });
});
