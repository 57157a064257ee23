import fc from 'fast-check';
import { BackOff } from '../../../../dev/host/queue/back-off';
import { withPayloadProperties } from '../../../../dev/host/binding-data';
import { respellDates } from '../../../../dev/host/http/json-dates';
import { queueMessages } from '../../../../dev/host/queue/queue-output';
import { decodeMessage, encodeMessage, textOf } from '../../../../dev/host/queue/queues';
import type { TypedData } from '../../../../dev/host/worker/rpc';

test.each<[string, TypedData | null | undefined, string[]]>([
  ['nothing', undefined, []],
  ['null', null, []],
  ['text', { string: 'hello' }, ['hello']],
  ['a number', { int: 7 }, ['7']],
  ['an object, indented', { json: '{"a":1}' }, ['{\n  "a": 1\n}']],
  ['an array, one message each', { json: '["a",{"b":2},3]' }, ['a', '{\n  "b": 2\n}', '3']],
  ['text that is a JSON array', { string: '["a","b"]' }, ['a', 'b']],
  [
    'text that is JSON, its dates spelled anew',
    { string: '{"at":"2024-01-01T00:00:00.500Z"}' },
    ['{\n  "at": "2024-01-01T00:00:00.5Z"\n}'],
  ],
  ['an empty array', { json: '[]' }, []],
  ['bytes', { bytes: Buffer.from('raw') }, ['raw']],
])('an output of %s', (_, value, expected) => {
  expect(queueMessages(value).map((message) => Buffer.from(message).toString('utf8'))).toEqual(expected);
});

test('what is encoded is decoded again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      for (const encoding of ['base64', 'none'] as const) {
        const decoded = decodeMessage(encodeMessage(Buffer.from(text), encoding), encoding);
        expect(decoded === undefined ? undefined : textOf(decoded)).toBe(text);
      }
    }),
  );
});

test.each([[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80]])('the bytes %j are no text', (...bytes) => {
  expect(() => textOf(Uint8Array.from(bytes))).toThrow('not valid');
});

test.each(['{"a":1}', 'abc', 'ab=c', 'YQ==='])('"%s" is not base64', (text) => {
  expect(decodeMessage(text, 'base64')).toBeUndefined();
});

test.each([
  ['2024-01-01T00:00:00.120Z', '2024-01-01T00:00:00.12Z'],
  ['2024-01-01T00:00:00.000Z', '2024-01-01T00:00:00Z'],
  ['2024-01-01T00:00:00.123456789Z', '2024-01-01T00:00:00.1234567Z'],
  ['2024-13-01T00:00:00.120Z', '2024-13-01T00:00:00.120Z'],
  ['at 2024-01-01T00:00:00.120Z', 'at 2024-01-01T00:00:00.120Z'],
])('the date text %s becomes %s', (given, expected) => {
  expect(respellDates({ deep: [given] })).toEqual({ deep: [expected] });
});

test('properties of the payload cover built-in ones of any case; arrays and nulls are left out', () => {
  const builtIn = { Id: { string: 'built-in' }, DequeueCount: { int: 1 } };
  const payload = { id: 5, flag: false, list: [1], nothing: null, nested: { a: 1 } };
  expect(withPayloadProperties(builtIn, payload)).toEqual({
    DequeueCount: { int: 1 },
    id: { string: '5' },
    flag: { string: 'False' },
    nested: { json: '{"a":1}' },
  });
  expect(withPayloadProperties(builtIn, ['no', 'object'])).toBe(builtIn);
});

test('the back-off starts small, grows up to its limit, and starts again after a reset', () => {
  const backOff = new BackOff({ minimumMs: 100, maximumMs: 1_000, random: () => 0.5 });
  expect([1, 2, 3, 4, 5, 6].map(() => backOff.next())).toEqual([100, 200, 300, 500, 900, 1_000]);
  backOff.reset();
  expect(backOff.next()).toBe(100);
});
