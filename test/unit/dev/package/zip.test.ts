import { unzipSync } from 'fflate';
import { zipOf } from '../../../../dev/package/zip';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const one: [string, Uint8Array] = ['host.json', bytes('{}')];
const two: [string, Uint8Array] = ['dist/app/functions.mjs', bytes('export {};')];

test('what goes in comes out, sorted', () => {
  const files = unzipSync(zipOf(new Map([one, two])));
  expect(Object.keys(files)).toEqual(['dist/app/functions.mjs', 'host.json']);
  expect(Buffer.from(files['host.json'] ?? []).toString()).toBe('{}');
});

test('the order of the files makes no difference', () => {
  expect(Buffer.from(zipOf(new Map([one, two])))).toEqual(Buffer.from(zipOf(new Map([two, one]))));
});

test('every file can be read by everybody when it is unpacked on Linux', () => {
  const zip = Buffer.from(zipOf(new Map([one])));
  const entry = zip.indexOf('PK\u0001\u0002', 0, 'latin1');
  const unixMode = zip.readUInt32LE(entry + 38) >>> 16;
  expect(unixMode.toString(8)).toBe('100644');
  expect(zip.readUInt8(entry + 5)).toBe(3);
});
