import fc from 'fast-check';
import { factRoots } from '../../../../src/policy/facts/fact-fields';
import { viewFacts } from '../../../../src/policy/facts/fact-view';
import type { Facts, TaggedGroup } from '../../../../src/policy/facts/facts';
import {
  decideBy,
  endpoint,
  facts,
  now,
  policyOf,
  policyText,
  target,
} from '../../../support/samples/policy';

const silent: Facts = {
  ...facts,
  endpoint: { ...endpoint, tags: undefined },
  target: { ...target, tags: undefined },
};
const groups: readonly TaggedGroup[] = ['endpoint', 'requester', 'target'];
const example: Facts = { ...silent, unstatedTags: groups };
const decided = (when: string, about: Facts): string =>
  decideBy(policyOf(policyText([{ name: 'rule', effect: 'hold', when }])), about).reason;

test('a check for a tag of which an example says nothing is false', () => {
  expect(decided('has(target.tags.env) || has(endpoint.tags.env)', example)).toBe('No rule matched');
});

test('of a connection that was read, a check for a tag fails where the tags could not be read', () => {
  expect(decided('has(target.tags.env)', silent)).toContain('could not be evaluated');
});

test('reading such a tag fails, with the words of a tag that was not read', () => {
  const when = 'target.tags.env == "prod"';
  expect(decided(when, example)).toBe(decided(when, silent));
});

test('only groups of which nothing is said are seen without tags, and only those that exist', () => {
  fc.assert(
    fc.property(fc.subarray([...groups]), fc.boolean(), (unstatedTags, hasEndpoint) => {
      const about = { ...silent, unstatedTags, ...(hasEndpoint ? {} : { endpoint: undefined }) };
      const viewed = viewFacts(about, now);
      if (viewed.kind !== 'ready' || viewed.untagged === undefined) throw new Error('not viewed');
      for (const root of factRoots) {
        const isEmptied = root === 'target' || (root === 'endpoint' && hasEndpoint);
        const tags = isEmptied && unstatedTags.includes(root) ? { tags: new Map<string, string>() } : {};
        expect(Object.entries(viewed.untagged[root])).toEqual(
          Object.entries(Object.assign({}, viewed.view[root], tags)),
        );
        expect(viewed.untagged[root].constructor).toBe(viewed.view[root].constructor);
      }
    }),
  );
});

test('facts that were read are viewed once', () => {
  expect(viewFacts(facts, now)).not.toHaveProperty('untagged');
});
