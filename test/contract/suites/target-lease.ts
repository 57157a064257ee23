import { PosternError } from '../../../src/base/errors';
import type { TargetId } from '../../../src/connections/resource-id';
import type { TargetLease } from '../../../src/review/target-lease';
import type { FakeClock } from '../../support/fakes/fake-clock';
import { sampleTarget } from '../../../dev/lib/samples';

export interface LeaseHarness {
  readonly lease: TargetLease;
  readonly clock: FakeClock;
  /** How long the fence stays open when nobody renews the lease. */
  readonly openSeconds: number;
  /** Takes the lease away from its holder, as its expiry would; resolves when the holder can know. */
  takeAway(target: TargetId): Promise<void>;
}

/** What every target lease must do. `create` gives one that nobody holds; it is not renewed within a test. */
export function targetLeaseContract(name: string, create: () => LeaseHarness): void {
  describe(`${name} as a target lease`, () => {
    const target = sampleTarget();

    test('one holder gets it, a second one does not', async () => {
      const { lease } = create();
      const held = await lease.acquire(target);
      expect(held).toBeDefined();
      expect(await lease.acquire(target)).toBeUndefined();
      await held?.release();
    });

    test('casing does not make another target', async () => {
      const { lease } = create();
      const held = await lease.acquire(target);
      expect(await lease.acquire(sampleTarget('VAULT-ONE'))).toBeUndefined();
      await held?.release();
    });

    test('targets do not stand in each other’s way', async () => {
      const { lease } = create();
      const [one, two] = [await lease.acquire(target), await lease.acquire(sampleTarget('vault-two'))];
      expect(one).toBeDefined();
      expect(two).toBeDefined();
      await Promise.all([one?.release(), two?.release()]);
    });

    test('of many that ask at once exactly one gets it', async () => {
      const { lease } = create();
      const answers = await Promise.all(Array.from({ length: 8 }, () => lease.acquire(target)));
      const held = answers.filter((answer) => answer !== undefined);
      expect(held).toHaveLength(1);
      await held[0]?.release();
    });

    test('after a release the next one gets it', async () => {
      const { lease } = create();
      await (await lease.acquire(target))?.release();
      const next = await lease.acquire(target);
      expect(next).toBeDefined();
      await next?.release();
    });

    test('the fence is open while enough of the lease is left', async () => {
      const { lease, clock, openSeconds } = create();
      const held = await lease.acquire(target);
      clock.advance(openSeconds - 1);
      expect(() => held?.fence()).not.toThrow();
      await held?.release();
    });

    test('the fence closes when too little of the lease is left for a write', async () => {
      const { lease, clock, openSeconds } = create();
      const held = await lease.acquire(target);
      clock.advance(openSeconds + 1);
      expect(() => held?.fence()).toThrow(PosternError);
      await held?.release();
    });

    test('the fence is closed after the release', async () => {
      const { lease } = create();
      const held = await lease.acquire(target);
      await held?.release();
      expect(() => held?.fence()).toThrow(PosternError);
    });

    test('if somebody else took over, the release does no harm to the new holder', async () => {
      const { lease, takeAway } = create();
      const held = await lease.acquire(target);
      await takeAway(target);
      const next = await lease.acquire(target);
      expect(next).toBeDefined();
      await held?.release();
      expect(() => next?.fence()).not.toThrow();
      expect(await lease.acquire(target)).toBeUndefined();
      await next?.release();
    });

    test('a second release does nothing', async () => {
      const { lease } = create();
      const held = await lease.acquire(target);
      await held?.release();
      const next = await lease.acquire(target);
      await held?.release();
      expect(await lease.acquire(target)).toBeUndefined();
      await next?.release();
    });
  });
}
