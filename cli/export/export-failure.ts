import { OutsideError } from '#sweep/errors.ts';
import { usageError } from '../cli-error.ts';

/** Does `work` in a folder; what the disk has against it becomes one sentence with the remedy. */
export async function inFolder<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toFolderError(folder, error);
  }
}

function toFolderError(folder: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new OutsideError(
        `There is no room left for ${folder}; make some and give the same command again: it goes on where it stopped.`,
        { cause: error, retryable: true },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return usageError(`${folder} cannot be written; name a folder that you may write to with --out.`);
    case 'EEXIST':
    case 'ENOTDIR':
      return usageError(`${folder} is, or lies below, a file; name a folder with --out.`);
    default:
      return error;
  }
}
