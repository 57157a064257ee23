import type { Connection } from '../../../src/connections/connection';
import type { ReviewInput } from '../../../src/review/review-job';
import { sampleTarget } from '../../../dev/lib/samples';
import { FakeArm, type SeededConnection } from '../../support/fakes/fake-arm';
import { fakePolicy } from '../../support/rigs/rig';

export const now = new Date('2026-01-05T12:00:00.000Z');

/** Returns the time that is so many seconds from now, as rows and records state it. */
export function at(seconds: number): string {
  return new Date(now.getTime() + seconds * 1000).toISOString();
}

/** Returns a connection as ARM lists it. */
export function listed(seeded: Partial<SeededConnection> = {}): Connection {
  return new FakeArm(sampleTarget()).seed({ name: 'one', ...seeded });
}

/** Returns the input of a review that has read nothing but `connections`. */
export function sampleInput(
  change: Partial<ReviewInput> = {},
  connections: readonly Connection[] = [],
): ReviewInput {
  return {
    target: sampleTarget(),
    policy: fakePolicy(),
    connectionStates: [],
    nextGeneration: 0,
    listing: { connections, malformed: [] },
    targetDetails: undefined,
    endpoints: new Map(),
    networks: new Map(),
    proofs: new Map(),
    tenants: new Map(),
    subscriptions: new Map(),
    lists: new Map(),
    expected: new Map(),
    unread: new Set(),
    retryAfterSeconds: undefined,
    minPollSeconds: 10,
    now,
    swept: false,
    isFirstToday: false,
    isRetry: false,
    traceId: 'trace',
    ...change,
  };
}
