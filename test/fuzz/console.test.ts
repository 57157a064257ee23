import fc from 'fast-check';
import type { JWTPayload } from 'jose';
import type { ConsoleReply } from '../../src/console/http/message';
import { errorStatus } from '../../src/console/http/message';
import { hostileText } from '../support/arbitraries/hostile-text';
import { mutatedText } from '../support/arbitraries/mutated-text';
import { hostileValue, mutatedValue } from '../support/arbitraries/mutated-value';
import { hostileId } from '../support/arbitraries/resource-ids';
import { changesOf, createConsoleApi } from '../support/console/console-api';
import { reason } from '../support/console/console-rig';
import { jsonOf } from '../support/console/console-under-test';
import { authority, claimsAt, clientId, sign, tenantId } from '../support/console/key-ring';
import { expectHarmless } from './support/expectations';
import { runs } from './support/runs';

const name = 'wanted';

/** An API with one held connection, what a person sees of it, and a valid token. */
async function api() {
  const { rig, ask, key } = await createConsoleApi();
  rig.arm.seed({ name });
  await rig.review();
  const seen = await rig.look(name);
  const claims = (changes: JWTPayload = {}): JWTPayload => claimsAt(rig.clock.now(), changes);
  return { rig, ask, key, seen, claims, token: await sign(key, claims()) };
}

type Api = Awaited<ReturnType<typeof api>>;

const post = (body: string, token: string) =>
  ({ method: 'POST', headers: { 'content-type': 'application/json' }, body, token }) as const;

/** A reply is a result, or an error that has a name and says nothing that harms a reader. */
function expectReply(reply: ConsoleReply): void {
  const body = jsonOf(reply);
  if (reply.status < 300) return;
  const code = String(body['code']);
  expect(errorStatus).toHaveProperty(code, reply.status);
  expect(code).not.toBe('INTERNAL');
  expectHarmless(String(body['message']), 1_000);
}

/** The bodies of all routes that change something. */
const bodiesFor = ({ seen }: Api): Readonly<Record<string, object>> => ({
  answer: {
    id: seen.connection.id,
    decisionId: seen.decisionId,
    seen: seen.seen,
    effect: 'approve',
    reason,
    ticket: 'CHG1',
    until: '2026-02-01T00:00:00Z',
    confirm: true,
  },
  withdraw: { id: seen.connection.id, decisionId: seen.decisionId },
  retry: { id: seen.target.id },
  lift: { kind: 'rejects' },
});
const routes = ['answer', 'withdraw', 'retry', 'lift'] as const;

test('whatever the body of a request is, the reply is a result or a named error, and nothing is written to Azure', async () => {
  const state = await api();
  const bodies = bodiesFor(state);
  const value = fc.oneof(
    hostileValue,
    hostileId,
    fc.constantFrom<unknown>('reject', 'delete', '0'.repeat(32), seenText(state)),
  );
  const json = (path: (typeof routes)[number]): fc.Arbitrary<string> =>
    fc.oneof(
      {
        weight: 4,
        arbitrary: mutatedValue(fc.constant(bodies[path]), { value }).map(
          (body) => JSON.stringify(body) ?? '',
        ),
      },
      { weight: 2, arbitrary: mutatedText(fc.constant(JSON.stringify(bodies[path])), hostileText) },
    );
  const request = fc
    .constantFrom(...routes)
    .chain((path) => fc.record({ path: fc.constant(path), body: json(path) }));
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(request, async ({ path, body }) => {
      const before = changesOf(state.rig);
      const reply = await state.ask(`/console/api/${path}`, post(body, state.token));
      expectReply(reply);
      // What was refused has changed nothing.
      if (reply.status === 202) taken += 1;
      else expect(changesOf(state.rig)).toBe(before);
      expect(state.rig.arm.writes).toEqual([]);
    }),
    { numRuns: runs() },
  );
  // Bodies that are all refused would prove little.
  expect(taken).toBeGreaterThan(0);
}, 600_000);

function seenText({ seen }: Api): string {
  return seen.seen;
}

test('whatever a request asks to see, the reply is a result or a named error, and nothing changes', async () => {
  const state = await api();
  const before = changesOf(state.rig);
  const values = fc.oneof(
    hostileText,
    hostileId,
    fc.constantFrom(
      state.seen.connection.id,
      state.seen.target.id,
      'held',
      'given up',
      '2026-01-05',
      '50',
      '',
    ),
    mutatedText(fc.constant(state.seen.connection.id), hostileText),
  );
  const path = fc.constantFrom('open', 'recent', 'connection', 'history');
  const query = fc.dictionary(fc.constantFrom('id', 'after', 'state', 'day'), values);
  await fc.assert(
    fc.asyncProperty(path, query, async (each, given) => {
      const text = new URLSearchParams(given).toString();
      expectReply(await state.ask(`/console/api/${each}?${text}`, { token: state.token }));
      expect(changesOf(state.rig)).toBe(before);
    }),
    { numRuns: runs() },
  );
}, 600_000);

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What a token must say, told again by hand. */
function isGood(claims: JWTPayload, nowSeconds: number): boolean {
  const same = (value: unknown, wanted: string): boolean =>
    typeof value === 'string' && value.toLowerCase() === wanted;
  const { scp, idtyp, exp, nbf, oid } = claims as Record<string, unknown>;
  return (
    claims.iss === `${authority}/${tenantId}/v2.0` &&
    [claims.aud].flat().length === 1 &&
    [claims.aud].flat()[0] === clientId &&
    claims['ver'] === '2.0' &&
    same(claims['tid'], tenantId) &&
    same(claims['azp'], clientId) &&
    typeof scp === 'string' &&
    scp.split(' ').includes('Console.Use') &&
    idtyp !== 'app' &&
    typeof oid === 'string' &&
    guid.test(oid) &&
    typeof exp === 'number' &&
    exp > nowSeconds - 61 &&
    typeof nbf === 'number' &&
    nbf < nowSeconds + 61
  );
}

test('a token whose claims are bent is refused before anything is read, unless it still says all that it must', async () => {
  const { rig, ask, key, claims, seen } = await api();
  const value = fc.oneof(
    hostileValue,
    fc.constantFrom<unknown>(
      'app',
      '1.0',
      ['Postern.Viewer'],
      [clientId],
      `${authority}/common/v2.0`,
      0,
      1e12,
      tenantId,
    ),
  );
  const nowSeconds = rig.clock.now().getTime() / 1000;
  const calls = rig.arm.calls.length;
  const path = `/console/api/connection?id=${encodeURIComponent(seen.connection.id)}`;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(mutatedValue(fc.constant(claims({ idtyp: 'user' })), { value }), async (bent) => {
      if (typeof bent !== 'object' || bent === null || Array.isArray(bent)) return;
      const text = await sign(key, bent as JWTPayload);
      const reply = await ask(path, { token: text });
      expectReply(reply);
      if (isGood(bent as JWTPayload, nowSeconds)) return;
      expect(reply.status).toBe(401);
      refused += 1;
    }),
    { numRuns: runs(0.5) },
  );
  expect(refused).toBeGreaterThan(0);
  // All that were accepted looked at the same connection, whose reading is shared.
  expect(rig.arm.calls.length - calls).toBeLessThan(10);
}, 600_000);

test('a token of which one character is another is refused', async () => {
  const { rig, ask, token, seen } = await api();
  const before = rig.arm.calls.length;
  const path = `/console/api/connection?id=${encodeURIComponent(seen.connection.id)}`;
  const bent = mutatedText(
    fc.constant(token),
    fc.oneof(hostileText, fc.constantFrom('.', '..', 'A', '-', '=')),
  );
  await fc.assert(
    fc.asyncProperty(bent, async (text) => {
      if (isSameToken(text, token)) return;
      const reply = await ask(path, { token: text });
      expectReply(reply);
      expect(reply.status).toBe(401);
    }),
    { numRuns: runs() },
  );
  expect(rig.arm.calls).toHaveLength(before);
}, 600_000);

/** Tells whether two tokens have the same bytes: the last characters of a signature have bits to spare. */
function isSameToken(one: string, other: string): boolean {
  const [head, payload, signature = ''] = one.split('.');
  const [otherHead, otherPayload, otherSignature = ''] = other.split('.');
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
  return head === otherHead && payload === otherPayload && bytes(signature).equals(bytes(otherSignature));
}
