import { DockerfileParser } from 'dockerfile-ast';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../support/repo/project';

const file = DockerfileParser.parse(readFileSync(join(projectRoot, 'Dockerfile'), 'utf8'));
const named = (keyword: string) => file.getInstructions().filter((each) => each.getKeyword() === keyword);

test('the image of the tools has one stage on the Node that Azure runs, and no running root', () => {
  expect(file.getFROMs().map((from) => from.getImage())).toEqual(['node:24-slim']);
  const [user] = named('USER');
  expect(user?.getArguments().map((each) => each.getValue())).toEqual(['node']);
  const after = file.getInstructions().slice(file.getInstructions().indexOf(user!));
  expect(after.map((each) => each.getKeyword())).toEqual(['USER', 'WORKDIR', 'ENTRYPOINT', 'CMD']);
});

test('nothing is copied but the package of the tools, and nothing is downloaded', () => {
  expect(file.getCOPYs().map((copy) => copy.getArguments().map((each) => each.getValue()))).toEqual([
    ['dist/postern-cli-*.tgz', '/tmp/tools/'],
  ]);
  expect(named('ADD')).toEqual([]);
  for (const run of named('RUN')) expect(run.getArgumentsContent()).not.toMatch(/curl|wget|https?:|apt-get/);
  expect(named('RUN')[0]?.getArgumentsContent()).toContain('--offline');
});

test('the image runs the tools, and takes no secret', () => {
  expect(named('ENTRYPOINT')[0]?.getArgumentsContent()).toBe('["postern"]');
  for (const keyword of ['ARG', 'ENV']) expect(named(keyword)).toEqual([]);
  expect(readFileSync(join(projectRoot, '.dockerignore'), 'utf8')).toBe('*\n!dist/postern-cli-*.tgz\n');
});
