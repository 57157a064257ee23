import { isOffline } from '../../../src/cli/offline';

test.each([
  [[]],
  [['--version']],
  [['help', 'report']],
  [['validate', 'policies', '--strict']],
  [['test', '--cases', 'p.cases.yaml']],
  [['completion', 'bash']],
])('%j loads nothing that connects to Azure', (args) => {
  expect(isOffline(args)).toBe(true);
});

test('a policy at a URL in POLICY_PATH is read from Azure', () => {
  expect(isOffline(['validate'], 'https://a.blob.core.windows.net/policies')).toBe(false);
  expect(isOffline(['validate'], 'policies')).toBe(true);
});

test.each([
  [['validate', 'https://a.blob.core.windows.net/policies']],
  [['test', '--cases=HTTPS://a.blob.core.windows.net/policies']],
  [['explain', 'facts.yaml']],
  [['doctor']],
  [['nonsense']],
])('%j may connect', (args) => {
  expect(isOffline(args)).toBe(false);
});
