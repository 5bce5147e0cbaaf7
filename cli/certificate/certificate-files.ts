import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { usageError } from '../cli-error.ts';
import { type Certificate, certificateText } from './certificate.ts';
import { certificatePage } from './certificate-page.ts';

/** The page, and its JSON beside it. */
export interface CertificateFiles {
  readonly page: string;
  readonly json: string;
}

/** @throws CliError when one of them is there already: a certificate is never written over. */
export function certificateFiles(page: string): CertificateFiles {
  if (!/\.html?$/i.test(page)) throw usageError(`${page} does not end with .html; name the page so.`);
  const files = { page, json: page.replace(/\.html?$/i, '.json') };
  for (const path of [files.page, files.json]) {
    if (existsSync(path)) throw usageError(`${path} is there already; name another file with --out.`);
  }
  return files;
}

/** Each file appears as a whole. @throws CliError when they cannot be written */
export function writeCertificate({ page, json }: CertificateFiles, certificate: Certificate): void {
  writeFileWhole(json, certificateText(certificate));
  writeFileWhole(page, certificatePage(certificate));
}

function writeFileWhole(path: string, text: string): void {
  try {
    writeFileSync(`${path}.partial`, text);
    renameSync(`${path}.partial`, path);
  } catch {
    throw usageError(
      `${path} cannot be written; check that its folder is there and is one that you may write to.`,
    );
  }
}
