import { noReads } from '../../../../src/policy/cel/costly-reads';
import { ArmError } from '../../../../src/base/errors';
import { createRig, fakePolicy } from '../../../support/rigs/rig';

/**
 * A state that nobody documented is waited for within a bound, then decided by what is proven. That its endpoint could not be
 * read at that very look is another matter: nothing is approved on incomplete knowledge.
 */
test.each(['Succeeded', 'Provisioning', undefined])(
  'an endpoint that cannot be read holds a connection back also when its state %s has been waited for',
  async (provisioningState) => {
    const policy = {
      ...fakePolicy(),
      reads: { ...noReads, endpoint: true },
    };
    policy.effects.set('one', 'approve');
    const rig = createRig({ policy });
    const { endpoint } = rig.arm.seed({ name: 'one', provisioningState });
    rig.arm.endpoints.set(endpoint!.key, new ArmError('ARM_THROTTLED', 'Too many requests'));

    await rig.takeRequest(rig.request());
    await rig.run(3600);

    expect(rig.arm.writes).toEqual([]);
    expect(rig.ledger.records.filter(({ effect }) => effect === 'approve')).toEqual([]);
  },
);
