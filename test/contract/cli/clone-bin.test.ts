import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../support/repo/project';

const { bin } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  bin: { postern: string };
};

test('in a fresh clone the tools say how they are built, and run once they are', () => {
  const clone = mkdtempSync(join(tmpdir(), 'postern-clone-'));
  try {
    mkdirSync(join(clone, 'bin'));
    copyFileSync(join(projectRoot, bin.postern), join(clone, bin.postern));
    writeFileSync(join(clone, 'package.json'), JSON.stringify({ name: 'postern', version: '0.0.0', bin }));
    const run = () => {
      const { status, stdout, stderr } = spawnSync('npx', ['--no-install', 'postern', 'validate', 'p.yaml'], {
        cwd: clone,
        encoding: 'utf8',
      });
      return { status, stdout, stderr };
    };
    expect(run()).toEqual({
      status: 2,
      stdout: '',
      stderr: 'The tools are not built yet. Build them with: npm run build\n',
    });
    mkdirSync(join(clone, 'dist/dev'), { recursive: true });
    writeFileSync(join(clone, 'dist/dev/postern.mjs'), 'console.log(process.argv.slice(2).join(" "));');
    expect(run()).toEqual({ status: 0, stdout: 'validate p.yaml\n', stderr: '' });
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
});
