import { readFileSync } from 'node:fs';
import { usageError } from '../cli-error.ts';
import { unknownLayout } from '../unknown-layout.ts';
import {
  type Certificate,
  certificateLayouts,
  parseCertificate,
  readCertificateJson,
} from './certificate.ts';
import { certificatePage, dataOfPage } from './certificate-page.ts';
import type { CertificateFinding } from './verify-certificate.ts';

export interface ReadCertificate {
  readonly certificate: Certificate;
  /** What is wrong with the file around it. */
  readonly findings: readonly CertificateFinding[];
}

/**
 * Reads the JSON, or the page that carries it. A page must be, to the last sign, what the certificate in it looks like.
 * @throws CliError when the file is no certificate
 */
export function readCertificate(path: string): ReadCertificate {
  const text = readText(path);
  const data = dataOfPage(text);
  const certificate = data === undefined ? parseCertificate(text) : readCertificateJson(data);
  if (certificate === undefined) {
    throw (
      unknownLayout(path, data ?? text, ...certificateLayouts) ??
      usageError(
        `${path} is no certificate as this tool writes it; if it was one, somebody has changed it: ask for it again.`,
      )
    );
  }
  const isWhole = data === undefined || certificatePage(certificate) === text;
  const message =
    'The page does not show what the certificate in it says: somebody has changed it. Verify the JSON file that came with it, and believe that one.';
  return { certificate, findings: isWhole ? [] : [{ kind: 'page_altered', message }] };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw usageError(`${path} cannot be read; name a certificate, the page or its JSON.`);
  }
}
