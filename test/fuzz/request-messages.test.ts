import fc from 'fast-check';
import { entityFromRecord } from '../../src/azure/storage/tables/ledger-row';
import { entityFromConnectionState } from '../../src/azure/storage/tables/connection-row';
import { propertiesOf } from '../../src/azure/telemetry/log-record';
import { parseTargetId, type TargetId } from '../../src/connections/resource-id';
import { composeDescriptions, maxDescriptionLength } from '../../src/operations/description';
import { hostileText } from '../support/arbitraries/hostile-text';
import { oddName } from '../support/arbitraries/resource-ids';
import { policyOf, policyText } from '../support/samples/policy';
import { createRig, targetIds, type Rig } from '../support/rigs/rig';
import {
  createScriptedArm,
  testEndpointId,
  wireConnection,
  type SentRequest,
} from '../support/http/scripted-arm';
import { expectAllHarmless, expectHarmless } from './support/expectations';
import { runs } from './support/runs';

/** Policies that write, and such as put what they were asked about into their reasons. */
const policies = [
  policyText([{ name: 'everyone', effect: 'approve', when: 'connection.name != ""' }]),
  policyText([
    { name: 'nobody', effect: 'reject', when: 'connection.message.size() >= 0', reason: 'Nobody may' },
  ]),
  policyText([{ name: 'away', effect: 'delete', when: 'true' }]),
  policyText([
    { name: 'by-tag', effect: 'approve', when: 'target.tags[connection.message.lowerAscii()] == "x"' },
  ]),
  policyText([{ name: 'by-map', effect: 'approve', when: '{"a": 1}[connection.message] == 1' }]),
  policyText([{ name: 'by-number', effect: 'approve', when: 'int(connection.message) > 3' }]),
  policyText([{ name: 'by-time', effect: 'approve', when: 'timestamp(connection.message) < now' }]),
  policyText([{ name: 'by-part', effect: 'approve', when: 'connection.message.split("\\n")[1] == "x"' }]),
].map(policyOf);

const anything = fc.oneof(
  { weight: 8, arbitrary: hostileText },
  {
    weight: 1,
    arbitrary: fc.array(hostileText, { minLength: 2, maxLength: 8 }).map((texts) => texts.join('')),
  },
);
const megabytes = fc.constantFrom('x', '\n', '\u202e', '👍', '<b>').map((unit) => unit.repeat(1024 * 1024));

interface Asked {
  readonly message: string;
  readonly name: string;
  readonly rest: Record<string, unknown>;
}

const asked: fc.Arbitrary<Asked> = fc.record({
  message: fc.oneof({ weight: 60, arbitrary: anything }, { weight: 1, arbitrary: megabytes }),
  name: fc.oneof(fc.constant('conn-1'), oddName),
  // What the provider says can hold anything, too, though hardly by the requester's doing.
  rest: fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        fc.record({ groupIds: fc.array(hostileText, { maxLength: 3 }) }),
        fc.record({ provisioningState: fc.oneof(fc.constant('Failed'), hostileText) }),
        fc.record({ privateEndpoint: fc.record({ id: hostileText }) }),
      ),
    },
  ),
});

const targets = Object.values(targetIds);

test('whatever a requester asks with, records, rows, events and logs hold one harmless line of bounded length', async () => {
  await fc.assert(
    fc.asyncProperty(
      asked,
      fc.constantFrom(...policies),
      fc.constantFrom(...targets),
      async (one, policy, id) => {
        const arm = createStatefulArm(parseTargetId(id), one);
        const rig = createRig({ target: id, adapters: arm.adapters });
        rig.load.current = { kind: 'loaded', policy };
        await rig.takeRequest(rig.request());
        await rig.run(20);
        expectNothingHarmful(rig);
        expectOwnWords(arm.written, one.message);
      },
    ),
    { numRuns: runs(0.5) },
  );
});

test('a description keeps the requester’s words as they are and adds one harmless note, or nothing where it has no room', () => {
  const rules = fc.array(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(anything, rules, fc.constantFrom('approve', 'reject'), (message, names, effect) => {
      const description = composeDescriptions({
        message,
        effect,
        rules: names,
        decisionId: 'ab'.repeat(16),
      })[0];
      expectDescription(description, message);
    }),
    { numRuns: runs() },
  );
});

function expectNothingHarmful(rig: Rig): void {
  const { records } = rig.ledger;
  // It was decided, or it is looked at again because the provider is not done with it.
  expect(records.length + rig.reviews.pending.length).toBeGreaterThan(0);
  expectAllHarmless(records, 2_048);
  for (const record of [...records, ...rig.telemetry.emitted]) {
    expectAllHarmless(propertiesOf(record), 4_096);
    expectAllHarmless(entityFromRecord(record), 4_096);
  }
  for (const row of rig.operations.rows()) expectBounded(entityFromConnectionState(row));
  for (const line of rig.lines) expectHarmless(line, 3_000);
}

/** A row keeps what it must compare as ARM sent it, but never more than a column holds. */
function expectBounded(columns: Readonly<Record<string, unknown>>): void {
  for (const column of Object.values(columns))
    if (typeof column === 'string') expect(column.length).toBeLessThanOrEqual(30_000);
}

function expectOwnWords(written: readonly SentRequest[], message: string): void {
  for (const { body } of written) {
    const { properties } = body as {
      properties: { privateLinkServiceConnectionState: { description: string } };
    };
    // The facts that policy decides on are bounded, so what it wants written is, too.
    expect(message.length).toBeLessThanOrEqual(4_096);
    expectDescription(properties.privateLinkServiceConnectionState.description, message);
  }
}

function expectDescription(description: string, message: string): void {
  if (description === message) return;
  expect(description.length).toBeLessThanOrEqual(maxDescriptionLength);
  const own = message.trimEnd();
  expect(description.startsWith(own)).toBe(true);
  expectHarmless(description.slice(own.length), maxDescriptionLength);
}

/** ARM with one connection, which does at once what a write asks. */
function createStatefulArm(target: TargetId, { message, name, rest }: Asked) {
  const written: SentRequest[] = [];
  let state: unknown = { status: 'Pending', description: message };
  let isGone = false;
  const body = () =>
    wireConnection(target, name, {
      privateEndpoint: { id: testEndpointId },
      ...rest,
      privateLinkServiceConnectionState: state,
    });
  const adapters = createScriptedArm(({ method, url, ...sent }) => {
    if (method === 'DELETE') isGone = true;
    if (method === 'DELETE') return { status: 200 };
    if (method === 'PUT') {
      written.push({ method, url, ...sent });
      const { properties } = sent.body as { properties: { privateLinkServiceConnectionState: unknown } };
      state = properties.privateLinkServiceConnectionState;
      return { status: 200, body: body() };
    }
    const path = new URL(url).pathname.toLowerCase();
    if (path.endsWith('/privateendpointconnections'))
      return { status: 200, body: { value: isGone ? [] : [body()] } };
    if (path.includes('/privateendpointconnections/'))
      return isGone ? { status: 404 } : { status: 200, body: body() };
    return { status: 200, body: { tags: { env: 'prod' }, properties: { provisioningState: 'Succeeded' } } };
  });
  return { adapters, written };
}
