import { matchRoute, parseRouteTemplate } from '../../../../../dev/host/http/route-template';

test.each([
  ['api/items', '/API/Items/', {}],
  ['api/items', '/api/items/1', undefined],
  ['items/{id}', '/items/a%20b', { id: 'a b' }],
  ['items/{id}', '/items', undefined],
  ['items/{id?}', '/items', {}],
  ['items/{id:int?}', '/items/x', undefined],
  [
    'items/{id:guid}',
    '/items/8c2e9d0e-5a3f-4b6e-9e0c-3f1f0a6b7c8d',
    {
      id: '8c2e9d0e-5a3f-4b6e-9e0c-3f1f0a6b7c8d',
    },
  ],
  ['files/{*path}', '/files/a/b', { path: 'a/b' }],
  ['files/{*path}', '/files', { path: '' }],
  ['items/{id}', '/items/%E0%A4%A', { id: '%E0%A4%A' }],
])('"%s" on %s gives %j', (template, path, expected) => {
  expect(matchRoute(parseRouteTemplate(template), path)).toEqual(expected);
});

test('literals come before parameters, and those before catch-alls', () => {
  const templates = ['a/{*rest}', 'a/{b}', 'a/{b:int}', 'a/b'].map(parseRouteTemplate);
  const order = [...templates].sort((one, other) => (one.precedence < other.precedence ? -1 : 1));
  expect(order).toEqual([...templates].reverse());
});

test.each(['a/{b', 'a/{b=1}', 'a/x{b}', 'a/{b:regex}', '{a?}/b', '{*a}/b'])('"%s" is refused', (template) => {
  expect(() => parseRouteTemplate(template)).toThrow(RangeError);
});
