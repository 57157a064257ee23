import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '../../../../src/base/clock';
import { PosternError } from '../../../../src/base/errors';
import { createDiskPolicyReader } from '../../../../src/policy/source/disk-policy-reader';
import type { PolicyFile, PolicySource } from '../../../../src/policy/policy';
import type { PolicyReader } from '../../../../src/policy/source/policy-reader';
import { createPolicySource } from '../../../../src/policy/source/policy-source';
import { now } from '../../../support/samples/policy';

class FakeClock implements Clock {
  private milliseconds = 0;
  now = (): Date => now;
  monotonicMs = (): number => this.milliseconds;
  after = systemClock.after;
  passSeconds(seconds: number): void {
    this.milliseconds += seconds * 1000;
  }
}

/** Holds one file whose version is its text; can fail, and can change while it is read. */
class FakePolicyReader implements PolicyReader {
  text = 'version: 1\nmode: enforce\n';
  failure: Error | undefined;
  /** Texts that take the place of the present one, one after each read. */
  changes: string[] = [];
  versions = 0;
  reads = 0;

  async version(): Promise<string> {
    this.versions++;
    if (this.failure !== undefined) throw this.failure;
    return this.text;
  }

  async read(): Promise<readonly PolicyFile[]> {
    this.reads++;
    const { text } = this;
    this.text = this.changes.shift() ?? text;
    return [{ path: 'policy.yaml', text }];
  }
}

describe('a policy source', () => {
  let clock: FakeClock;
  let reader: FakePolicyReader;
  let source: PolicySource;

  beforeEach(() => {
    clock = new FakeClock();
    reader = new FakePolicyReader();
    source = createPolicySource({ path: 'policies', clock, reader, recheckSeconds: 10 });
  });

  test('reads once, and does not even look again before its time', async () => {
    const first = await source.current();
    clock.passSeconds(9);
    expect(await source.current()).toBe(first);
    expect([reader.versions, reader.reads]).toEqual([2, 1]);
  });

  test('counts its time from the last look, however long the process has run', async () => {
    clock.passSeconds(1_000);
    const first = await source.current();
    clock.passSeconds(9);
    expect(await source.current()).toBe(first);
    expect(reader.versions).toBe(2);
  });

  test('looks after its time, and does not read what has not changed', async () => {
    const first = await source.current();
    clock.passSeconds(10);
    expect(await source.current()).toBe(first);
    expect(reader.reads).toBe(1);
  });

  test('reads what has changed', async () => {
    await source.current();
    reader.text = 'version: 1\nmode: audit\n';
    clock.passSeconds(10);
    expect(await source.current()).toMatchObject({ kind: 'loaded', policy: { mode: 'audit' } });
  });

  test('asked twice at once, reads once', async () => {
    const [one, other] = await Promise.all([source.current(), source.current()]);
    expect(one).toBe(other);
    expect(reader.reads).toBe(1);
  });

  test('refuses a first version that does not load, and takes it once it is mended', async () => {
    reader.text = 'version: 2\n';
    expect(await source.current()).toMatchObject({
      kind: 'refused',
      problems: [{ path: 'policy.yaml', line: 1 }],
    });
    reader.text = 'version: 1\n';
    clock.passSeconds(10);
    expect(await source.current()).toMatchObject({ kind: 'loaded' });
  });

  test('keeps the good version when a newer one does not load, and says so until that is mended', async () => {
    const good = await source.current();
    reader.text = 'version: 2\n';
    clock.passSeconds(10);
    const kept = await source.current();
    expect(kept).toMatchObject({
      kind: 'loaded',
      refusedUpdate: { problems: [{ message: expect.stringContaining('unknown version') }] },
    });
    expect(kept.kind === 'loaded' && good.kind === 'loaded' && kept.policy === good.policy).toBe(true);

    reader.text = 'version: 1\n';
    clock.passSeconds(10);
    expect(await source.current()).not.toHaveProperty('refusedUpdate');
  });

  test('never compiles files that changed while they were read', async () => {
    reader.changes = ['version: 1\nmode: audit\n'];
    expect(await source.current()).toMatchObject({ kind: 'loaded', policy: { mode: 'audit' } });
    expect(reader.reads).toBe(2);
  });

  test('refuses files that never come to rest, and tries again later', async () => {
    reader.changes = ['a', 'b', 'version: 1\n'];
    expect(await source.current()).toMatchObject({
      kind: 'refused',
      problems: [{ message: expect.stringContaining('faster') }],
    });
    clock.passSeconds(10);
    expect(await source.current()).toMatchObject({ kind: 'loaded' });
  });

  test('keeps the good version while files change under it, and says so when that lasts for ten minutes', async () => {
    await source.current();
    for (let seconds = 0; seconds <= 600; seconds += 10) {
      reader.changes = [`# ${seconds} a`, `# ${seconds} b`, `# ${seconds} c`];
      reader.text = `# ${seconds}`;
      clock.passSeconds(10);
      const load = await source.current();
      expect([seconds, load.kind === 'loaded' && load.refusedUpdate?.problems[0]?.message]).toEqual([
        seconds,
        seconds < 600 ? undefined : expect.stringContaining('faster than they can be read'),
      ]);
    }
    reader.text = 'version: 1\n';
    clock.passSeconds(10);
    expect(await source.current()).not.toHaveProperty('refusedUpdate');
  });

  test('says why the files cannot be read', async () => {
    reader.failure = new PosternError('POLICY_INVALID', 'the blob is away');
    expect(await source.current()).toMatchObject({
      kind: 'refused',
      problems: [{ path: 'policies', message: 'the blob is away' }],
    });
  });

  test('keeps the good version while the files cannot be read', async () => {
    await source.current();
    reader.failure = new Error('socket hang up');
    clock.passSeconds(10);
    expect(await source.current()).toMatchObject({
      kind: 'loaded',
      refusedUpdate: { problems: [{ message: expect.stringContaining('socket hang up') }] },
    });
  });

  test('passes the mode on that a setting states', async () => {
    const audit = createPolicySource({ path: 'policies', clock, reader, modeOverride: 'audit' });
    expect(await audit.current()).toMatchObject({ policy: { mode: 'audit' } });
  });
});

describe('policy files on disk', () => {
  let folder: string;
  const put = (name: string, text: string | Buffer): Promise<void> => writeFile(join(folder, name), text);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'policy-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('are the YAML files of a folder and its subfolders, without test cases and hidden ones', async () => {
    await mkdir(join(folder, 'sub'));
    await mkdir(join(folder, '..data'.slice(1)));
    await Promise.all([
      put('b.yaml', 'b'),
      put('a.yml', 'a'),
      put('a.cases.yaml', 'x'),
      put('notes.md', 'x'),
      put('.hidden.yaml', 'x'),
      put('.data/c.yaml', 'x'),
      put('sub/c.yaml', 'c'),
    ]);
    expect(await createDiskPolicyReader(folder).read()).toEqual([
      { path: 'a.yml', text: 'a' },
      { path: 'b.yaml', text: 'b' },
      { path: 'sub/c.yaml', text: 'c' },
    ]);
  });

  test('may be one file of any name', async () => {
    await put('policy.txt', 'x');
    expect(await createDiskPolicyReader(join(folder, 'policy.txt')).read()).toEqual([
      { path: 'policy.txt', text: 'x' },
    ]);
  });

  test('may be links, as mounted volumes have them', async () => {
    await put('.real', 'x');
    await symlink(join(folder, '.real'), join(folder, 'a.yaml'));
    expect(await createDiskPolicyReader(folder).read()).toEqual([{ path: 'a.yaml', text: 'x' }]);
  });

  test('have another version when one is written, added or removed', async () => {
    const reader = createDiskPolicyReader(folder);
    const versions = [await reader.version()];
    await put('a.yaml', 'x');
    versions.push(await reader.version());
    await put('a.yaml', 'longer');
    versions.push(await reader.version());
    await put('b.yaml', 'x');
    versions.push(await reader.version());
    expect(new Set(versions).size).toBe(4);
    expect(await reader.version()).toBe(versions[3]);
  });

  test.each<[string, string | Buffer, string]>([
    ['that are no UTF-8', Buffer.from([0x76, 0xff]), 'a.yaml is not UTF-8 text: save it as UTF-8'],
    ['that are too large', 'x'.repeat(1024 * 1024 + 1), 'a.yaml is larger than 1024 KiB: split it'],
  ])('%s are refused by name', async (_, content, message) => {
    await put('a.yaml', content);
    await expect(createDiskPolicyReader(folder).read()).rejects.toMatchObject({
      code: 'POLICY_INVALID',
      message,
    });
  });

  test('that are not there are refused with the reason', async () => {
    const reader = createDiskPolicyReader(join(folder, 'none'));
    await expect(reader.version()).rejects.toMatchObject({
      code: 'POLICY_INVALID',
      message: expect.stringContaining('the policy cannot be read: '),
      cause: { code: 'ENOENT' },
    });
  });

  test('may be as large as the limit, and are read byte by byte', async () => {
    const text = `\ufeff${'x'.repeat(1024 * 1024 - 3)}`;
    await put('a.yaml', text);
    expect(await createDiskPolicyReader(folder).read()).toEqual([{ path: 'a.yaml', text }]);
  });

  test('have another version when one is replaced by another of the same size', async () => {
    const reader = createDiskPolicyReader(folder);
    await put('a.yaml', 'x');
    const before = await reader.version();
    await put('.new', 'y');
    await rename(join(folder, '.new'), join(folder, 'a.yaml'));
    expect(await reader.version()).not.toBe(before);
  });

  test('are two hundred at most, in each folder', async () => {
    const reader = createDiskPolicyReader(folder);
    for (let index = 0; index < 200; index += 1) await put(`${index}.yaml`, '');
    expect(await reader.read()).toHaveLength(200);
    await put('one-more.yaml', '');
    await expect(reader.read()).rejects.toMatchObject({
      code: 'POLICY_INVALID',
      message: 'the policy folder has more than 200 files: merge some',
    });
  });

  test('load through a source, with the path of the file in its problems', async () => {
    await put('a.yaml', 'version: 1\n');
    await put('b.yaml', 'version: x\n');
    const source = createPolicySource({ path: folder, clock: new FakeClock() });
    expect(await source.current()).toMatchObject({
      kind: 'refused',
      problems: [{ path: 'b.yaml', line: 1, column: 10 }],
    });
  });
});
