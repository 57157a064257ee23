import type { PolicyMemory } from '../../../src/review/policy-in-force';

/** What every memory of the policy must do. `create` gives an empty one. */
export function policyMemoryContract(name: string, create: () => PolicyMemory): void {
  describe(`${name} as the memory of the policy`, () => {
    test('before the first version nothing is remembered', async () => {
      expect(await create().read()).toBeUndefined();
    });

    test('the last version that was written is remembered', async () => {
      const memory = create();
      await memory.write('ab'.repeat(32));
      await memory.write('cd'.repeat(32));
      expect(await memory.read()).toBe('cd'.repeat(32));
    });
  });
}
