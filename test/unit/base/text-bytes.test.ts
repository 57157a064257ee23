import fc from 'fast-check';
import { textFromBytes, textFromChunks, UnreadableText } from '../../../src/base/text-bytes';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const utf16le = (text: string, mark = '\ufeff') => Buffer.from(mark + text, 'utf16le');
const utf16be = (text: string, mark = '\ufeff') => utf16le(text, mark).swap16();
const json = '[\r\n  {"name": "AzureWebJobsStorage__accountName", "value": "größer"}\r\n]\r\n';

async function* piecesOf(whole: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

async function textFrom(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const piece of textFromChunks(chunks)) text += piece;
  return text;
}

describe('the text of a file', () => {
  test.each([
    ['UTF-8', Buffer.from(json)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${json}`)],
    ['UTF-16 of Windows PowerShell', utf16le(json)],
    ['UTF-16 the other way round', utf16be(json)],
    ['UTF-16 without a mark', utf16le(json, '')],
    ['UTF-16 the other way round without a mark', utf16be(json, '')],
  ])('%s is read, at once and in pieces', async (_, file) => {
    expect(textFromBytes(file)).toBe(json);
    for (const size of [1, 3, 7, 1_000]) expect(await textFrom(piecesOf(file, size))).toBe(json);
  });

  test('is read whatever it is, in every encoding with a mark and in pieces of every size', async () => {
    const text = fc.string({ unit: 'grapheme' }).filter((each) => !/[\0\ufeff\p{Cs}]/u.test(each));
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (part, size) => {
        const whole = part.repeat(20);
        for (const file of [Buffer.from(`\ufeff${whole}`), utf16le(whole), utf16be(whole)]) {
          expect(textFromBytes(file)).toBe(whole);
          expect(await textFrom(piecesOf(file, size))).toBe(whole);
        }
      }),
    );
  });

  test.each([
    ['Latin 1', Buffer.from('a: 1\nb: gr\xf6\xdfer\n', 'latin1'), 'byte 0xF6 in line 2'],
    ['Latin 1 before a line end', Buffer.from('a: \xe4\nb: 1\n', 'latin1'), 'byte 0xE4 in line 1'],
    ['UTF-8 that is cut', Buffer.from('größe').subarray(0, 3), 'is not UTF-8 text'],
    ['UTF-32', bytes(0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0), 'is UTF-32 text'],
    ['UTF-16 that is cut', utf16le('{"a": 1}').subarray(0, 9), 'begins as UTF-16 text'],
    ['a zip file', bytes(0x50, 0x4b, 3, 4, 20, 0), 'is compressed'],
    ['a gzip file', bytes(0x1f, 0x8b, 8, 0), 'is compressed'],
    ['UTF-8 with UTF-16 appended', Buffer.concat([Buffer.from('{"a": "a long line of text in UTF-8 to begin with"}\n'), utf16le('b', '')]), 'contains a zero byte'], // prettier-ignore
  ])('%s is refused with the very sign', async (_, file, sign) => {
    expect(() => textFromBytes(file)).toThrow(UnreadableText);
    expect(() => textFromBytes(file)).toThrow(sign);
    await expect(textFrom(piecesOf(file, file.length))).rejects.toThrow(sign);
  });

  test('of any bytes is a text or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (file) => {
        try {
          expect(typeof textFromBytes(file)).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableText);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
