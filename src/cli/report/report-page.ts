import { readFile } from 'node:fs/promises';
import { describeError } from '../../base/errors';
import { CliError } from '../cli-host';

/** Reads the page that the build has made. @throws CliError if there is none */
export async function readReportPage(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CliError(
      `cannot read the page of reports, ${path}: ${describeError(error)}. Run npm run build`,
    );
  }
}
