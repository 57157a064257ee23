import { analyzePolicy } from '../../../../src/policy/analysis/analyze-policy';

const frontDoor = 'c1bc5dd7-ea97-469c-89fa-8f26624902fd';
const own = '11111111-1111-4111-8111-111111111111';

function found(effect: string, entries: readonly string[], when = 'endpoint.subscriptionId in lists.zones') {
  const rule = { name: 'zones', effect, when };
  const text = `version: 1\nlists:\n  zones:\n${entries.map((entry) => `    - ${entry}\n`).join('')}rules: [${JSON.stringify(rule)}]\n`;
  return analyzePolicy([{ path: 'p.yaml', text }]).filter(({ message }) => message.includes('Microsoft'));
}

test('a subscription of a service of Microsoft in a list that approves is reported at its place', () => {
  expect(found('approve', [own, frontDoor.toUpperCase()])).toMatchObject([
    {
      severity: 'warning',
      line: 5,
      column: 7,
      message: expect.stringContaining('every customer of Front Door asks from there'),
    },
  ]);
});

test('not in a list that holds, nor beside ids that are only known to nobody', () => {
  expect(found('hold', [own, frontDoor])).toEqual([]);
  expect(found('approve', [own])).toEqual([]);
});
