import { exportedFacts } from '../../../../src/cli/facts/facts-input';
import { withProgress } from '../../../../src/cli/facts/progress';
import { runTool } from '../../../support/rigs/cli';
import { FakeClock } from '../../../support/fakes';
import { many, own } from '../../../support/samples/estate';
import { now } from '../../../support/samples/policy';

describe('progress', () => {
  async function* seconds(clock: FakeClock, count: number): AsyncGenerator<number> {
    for (let item = 1; item <= count; item += 1) {
      clock.advance(0.4);
      yield item;
    }
  }

  test('is shown once a second and removed in the end', async () => {
    const clock = new FakeClock(now.toISOString());
    const shown: string[] = [];
    const showProgress = async (text: string): Promise<void> => void shown.push(text);
    const items: number[] = [];
    for await (const item of withProgress({ clock, showProgress }, seconds(clock, 7))) items.push(item);
    expect(items).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(shown).toEqual(['reading connections …', '3 connections …', '6 connections …', '']);
  });

  test('is removed when reading fails', async () => {
    const clock = new FakeClock(now.toISOString());
    const shown: string[] = [];
    const showProgress = async (text: string): Promise<void> => void shown.push(text);
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error('no');
    }
    await expect(
      (async () => {
        for await (const item of withProgress({ clock, showProgress }, failing())) void item;
      })(),
    ).rejects.toThrow('no');
    expect(shown.at(-1)).toBe('');
  });

  test.each([
    ['suggest', ['--from', 'c.jsonl', '--out', 'p.yaml']],
    ['report', ['--from', 'c.jsonl', '--policy', 'policy.yaml', '--out', 'r.html']],
    ['simulate', ['--from', 'c.jsonl', '--candidate', 'policy.yaml', '--policy', 'none']],
  ])('is shown by %s, on standard error only', async (tool, args) => {
    const facts = many(0, 3, (n) => ({ subscription: own(n), target: 'kv' }));
    const lines = facts.map((each) => JSON.stringify(exportedFacts(each))).join('\n');
    const files = { 'c.jsonl': lines, 'policy.yaml': 'version: 1\n' };
    const progress: string[] = [];
    const { output } = await runTool([tool, ...args], { files, progress, written: new Map() });
    expect(progress).toEqual(['reading connections …', '']);
    expect(output.join('\n')).not.toContain('reading connections');
  });
});
