import fc from 'fast-check';
import { messageFrom } from '../../../functions/queue-message';

const base64 = (content: string | Uint8Array): string => Buffer.from(content).toString('base64');

test('what Postern puts into its queues is read as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(messageFrom(base64(JSON.stringify(value)))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('what the worker has parsed already is taken as it is', () => {
  const message = { version: 1, kind: 'target' };
  expect(messageFrom(message)).toBe(message);
  expect(messageFrom(7)).toBe(7);
});

test.each([
  ['plain text', 'plain, text'],
  ['nothing', ''],
  ['a letter too many for base64', `${base64('{"a":1}')}x`],
  ['base64 of what is not UTF-8', base64(Uint8Array.of(0x7b, 0xff, 0x7d))],
  ['base64 of what is no JSON', base64('{"half":')],
  ['base64 of nothing', base64('')],
  ['the start of a message', base64('{"version":1}').slice(0, 9)],
])('%s is handed on as it is', (_, text) => {
  expect(messageFrom(text)).toBe(text);
});

test('any text is read or handed on', () => {
  fc.assert(fc.property(fc.string(), (text) => expect(() => messageFrom(text)).not.toThrow()));
});
