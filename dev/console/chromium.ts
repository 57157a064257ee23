import { existsSync } from 'node:fs';

/** Where Debian, Ubuntu and Google install it. */
const places = ['chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`);

/** What a machine without a browser needs. */
export const chromiumAdvice =
  'No Chromium is installed: set CHROMIUM to its path, or apt-get install chromium.';

/** Returns the path of the Chromium that is installed, or that `CHROMIUM` names; undefined if there is none. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  return (named === undefined ? places : [named]).find((path) => existsSync(path));
}
