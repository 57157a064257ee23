import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzePolicy } from '../../../src/policy/analysis/analyze-policy';
import { runTool } from '../../support/rigs/cli';

const folder = join(__dirname, '../../../docs/examples/gallery');
const names = readdirSync(folder).filter((name) => name.endsWith('.yaml') && !name.endsWith('.cases.yaml'));

test('there is a gallery', () => {
  expect(names.length).toBeGreaterThanOrEqual(11);
});

describe.each(names)('%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  const cases = readFileSync(join(folder, name.replace('.yaml', '.cases.yaml')), 'utf8');

  test('has no finding', () => {
    expect(analyzePolicy([{ path: name, text }])).toEqual([]);
  });

  test('passes its cases, with every rule in one of them, and approves no stranger', async () => {
    const files = { [name]: text, [name.replace('.yaml', '.cases.yaml')]: cases };
    const run = await runTool(['test', name, '--threshold', '100'], { files });
    expect(run.exitCode).toBe(0);
    expect(run.output).toContainEqual(expect.stringMatching(/ passed, 0 failed$/));
  });

  test('has an attack if it approves', () => {
    if (/effect: approve/.test(text)) expect(cases).toMatch(/name: 'attack: .*'\n[^]*?effect: hold/);
  });
});
