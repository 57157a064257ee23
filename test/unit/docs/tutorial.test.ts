import { follow } from '../../support/repo/document-runner';
import { fencedBlocks, markdownFiles } from '../../support/repo/markdown';
import { readText } from '../../support/repo/infra';

const tutorial = markdownFiles().find(({ path }) => path === 'docs/tutorial.md')!;

test('who follows the tutorial sees what it shows', async () => {
  const runs = await follow(tutorial);
  for (const { command, shown, output } of runs) expect([command, shown]).toEqual([command, output]);
  expect(runs.map(({ command }) => command.split(' ')[2])).toEqual([
    'validate',
    'validate',
    'test',
    'test',
    'explain',
    'test',
    'simulate',
  ]);
  // The mistake fails, and a simulation that shows changes.
  expect(runs.map(({ code }) => code)).toEqual([1, 0, 0, 0, 0, 0, 1]);
});

test('the policy at the end of the tutorial is an example, with all of its cases', () => {
  const saved = fencedBlocks(tutorial).filter(({ language }) => language === 'yaml');
  const last = (name: string): string => saved.findLast(({ text }) => text.startsWith(`# ${name}\n`))!.text;
  const added = saved.filter(({ text }) => text.startsWith('# add to my-policy/policy.cases.yaml\n'));
  const body = (text: string): string => text.slice(text.indexOf('\n') + 1);
  expect(readText('docs/examples/tutorial/policy.yaml')).toBe(body(last('my-policy/policy.yaml')));
  const cases = [last('my-policy/policy.cases.yaml'), ...added.map(({ text }) => text)].map(body).join('');
  expect(readText('docs/examples/tutorial/policy.cases.yaml')).toBe(cases);
});
