import { reproducibleSbom } from '../../../../scripts/release/sbom.mjs';

const of = { name: 'postern', timestamp: '2026-12-01T00:00:00.000Z', runtime: ['@x/a'] };
const root = { 'bom-ref': 'postern@1', version: '1.0.0' };
const sbom = (change: object = {}): string =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    serialNumber: 'urn:uuid:1',
    metadata: { timestamp: 'now', component: { name: 'folder', ...root } },
    components: [
      { 'bom-ref': 'c@1' },
      { 'bom-ref': 'tool@1' },
      { 'bom-ref': '@x/a@1' },
      { 'bom-ref': 'b@1' },
    ],
    dependencies: [
      { ref: 'postern@1', dependsOn: ['tool@1', '@x/a@1'] },
      { ref: 'tool@1', dependsOn: ['b@1'] },
      { ref: '@x/a@1', dependsOn: ['c@1', 'b@1'] },
      { ref: 'b@1' },
      { ref: 'c@1', dependsOn: ['@x/a@1'] },
    ],
    ...change,
  });

test('holds what is reached at run time, also if tools need it, in a fixed order', () => {
  expect(JSON.parse(reproducibleSbom(sbom(), of))).toEqual({
    bomFormat: 'CycloneDX',
    metadata: { timestamp: of.timestamp, component: { ...root, name: 'postern' } },
    components: [{ 'bom-ref': '@x/a@1' }, { 'bom-ref': 'b@1' }, { 'bom-ref': 'c@1' }],
    dependencies: [
      { ref: 'postern@1', dependsOn: ['@x/a@1'] },
      { ref: '@x/a@1', dependsOn: ['b@1', 'c@1'] },
      { ref: 'b@1', dependsOn: [] },
      { ref: 'c@1', dependsOn: ['@x/a@1'] },
    ],
  });
});

test('what differs from run to run is left out', () => {
  const other = sbom({
    serialNumber: 'urn:uuid:2',
    metadata: { timestamp: 'later', component: { name: 'clone', ...root } },
    components: [{ 'bom-ref': '@x/a@1' }, { 'bom-ref': 'b@1' }, { 'bom-ref': 'c@1' }],
  });
  expect(reproducibleSbom(other, of)).toBe(reproducibleSbom(sbom(), of));
});

test('a bill without a package that the app needs is none', () => {
  expect(() => reproducibleSbom(sbom(), { ...of, runtime: ['@x/b'] })).toThrow('npm sbom does not list @x/b');
});
