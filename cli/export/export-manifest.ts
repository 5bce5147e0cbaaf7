import * as z from 'zod';
import { hasLateRecords } from '#seal/late-leaves.ts';
import type { SealHeader } from '#seal/seal.ts';
import { parseUtcDay, type UtcDay } from '#seal/utc-day.ts';

export const exportFormats = ['ndjson', 'csv', 'parquet'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/**
 * Raised with every change of what an export of the same days holds. A layout of which there are exports keeps its code, since they
 * are verified by it; `test/golden` has some of each.
 */
export const exportLayout = 'intercom-retention/export/1';

const day = z.string().transform((text, context): UtcDay => {
  const parsed = parseUtcDay(text);
  if (parsed !== undefined) return parsed;
  context.issues.push({ code: 'custom', message: 'Expected a day.', input: text });
  return z.NEVER;
});
const count = z.int().min(0);

/** What is exported. The same request into the same folder goes on with the same export. */
const requestShape = {
  layout: z.literal(exportLayout),
  workspace_id: z.string(),
  /** The first and the last day, in UTC. */
  from: day,
  to: day,
  format: z.enum(exportFormats),
};

/** Beside the request, what is fixed when an export begins, so that one that was interrupted ends as if it had not been. */
const beginningSchema = z.strictObject({
  ...requestShape,
  /** Name and version of the program that began it. */
  tool: z.string(),
  exported_at: z.iso.datetime(),
  /** No later seal is looked at; null when nothing was sealed. */
  newest_seal: day.nullable(),
});
export type ExportBeginning = Readonly<z.output<typeof beginningSchema>>;
export type ExportRequest = Pick<ExportBeginning, keyof typeof requestShape>;

const fileSchema = z.strictObject({
  /** Below the folder, with `/`. No other than the names that this tool gives: nothing outside the folder is ever read. */
  path: z.string().regex(/^(records|leaves|outcomes)\/\d{4}-\d{2}-\d{2}\.(ndjson|csv|parquet)$/),
  day,
  records: count,
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
/** One file that is complete. `records`: what it holds of them, or of leaves. */
export type ExportFile = Readonly<z.output<typeof fileSchema>>;

const sealSchema = z.strictObject({
  day,
  seal_id: z.string(),
  key_id: z.string(),
  sealed_at: z.iso.datetime(),
  record_count: count,
  late_count: count,
  note: z.string(),
});
export type ExportedSeal = Readonly<z.output<typeof sealSchema>>;

const manifestSchema = z
  .strictObject({
    ...beginningSchema.shape,
    files: z.array(fileSchema),
    seals: z.array(sealSchema),
    public_keys: z.array(z.strictObject({ key_id: z.string(), pem: z.string() })),
  })
  .refine(({ from, to }) => from <= to); // of a span without a day, nothing would be missing
/** What an export holds. Written last: where there is one, the export is complete. */
export type ExportManifest = Readonly<z.output<typeof manifestSchema>>;

/**
 * Whether an export holds the list of what this seal seals: of the days of the span, and of those after it with late records,
 * which can be of the span.
 */
export const hasLeafList = (
  seal: Pick<SealHeader, 'day' | 'note'>,
  { from, to }: Pick<ExportRequest, 'from' | 'to'>,
): boolean => seal.day >= from && (seal.day <= to || hasLateRecords(seal));

export const toRequest = (request: Omit<ExportRequest, 'layout'>): ExportRequest => ({
  layout: exportLayout,
  ...request,
});

// Each undefined when the text is not what this tool writes.

export const parseManifest = (text: string): ExportManifest | undefined => parsed(manifestSchema, text);
export const parseBeginning = (text: string): ExportBeginning | undefined => parsed(beginningSchema, text);
export const parseExportFile = (text: string): ExportFile | undefined => parsed(fileSchema, text);

function parsed<Value>(schema: z.ZodType<Value>, text: string): Value | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // no JSON
  }
}
