import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundledPackage } from './bundled-packages';
import { PackageError } from './errors';

/** Licenses that only require their text to be included. */
const accepted = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
]);

/** Packages that state MIT but have no license text, with the author that they state. */
const authorsWithoutText: Readonly<Record<string, string>> = {
  '@nodable/entities@3.1.0': 'Amit Gupta',
  'tr46@0.0.3': 'Sebastian Mayr',
};

/**
 * Returns name, version, license, license text and notices of each package.
 * @throws PackageError that names every package with an unexpected license or without a text.
 */
export async function licensesOf(packages: readonly BundledPackage[]): Promise<string> {
  const problems: string[] = [];
  const parts: string[] = [];
  for (const each of packages) {
    const texts = await textsOf(each);
    problems.push(...problemsOf(each, texts));
    parts.push([titleOf(each), ...texts].join('\n\n'));
  }
  if (problems.length > 0) throw new PackageError('The licenses do not allow this package:', problems);
  return `${[introduction, ...parts].join(`\n\n${'-'.repeat(80)}\n`)}\n`;
}

const introduction = 'Postern contains code of these packages, each under its own license.';

function titleOf({ name, version, license }: BundledPackage): string {
  return `${name} ${version} (${license})`;
}

function problemsOf({ name, version, license }: BundledPackage, texts: readonly string[]): string[] {
  if (license === undefined || !accepted.has(license))
    return [`${name} ${version}: ${license ?? 'no'} license is not among those accepted`];
  return texts.length === 0 ? [`${name} ${version}: no license text`] : [];
}

/** Returns the license texts, then the notices. */
async function textsOf({ name, version, license, folder }: BundledPackage): Promise<string[]> {
  const names = (await readdir(folder)).sort();
  const licenses = names.filter((file) => /^(licen[cs]e|copying)/i.test(file));
  const notices = names.filter((file) => /^(notice|third-?party)/i.test(file));
  const read = async (file: string): Promise<string> => (await readFile(join(folder, file), 'utf8')).trim();
  const author = authorsWithoutText[`${name}@${version}`];
  const texts = await Promise.all(licenses.map(read));
  if (texts.length === 0 && license === 'MIT' && author !== undefined) texts.push(mit(author));
  return texts.length === 0 ? [] : [...texts, ...(await Promise.all(notices.map(read)))];
}

function mit(author: string): string {
  return `The MIT License (MIT)

Copyright (c) ${author}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
