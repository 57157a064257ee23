import { localIdentity, type Disturbance, type FaultRule } from '../azure';

/** Delays are in seconds of the local Azure's clock: wide enough to bring events out of their order. */
export const eventDisturbance: Disturbance = {
  dropProbability: 0.2,
  duplicateProbability: 0.25,
  delaySeconds: [0, 120],
};

const writes = 'PUT|DELETE';

/** Together about a fifth of all calls that the app makes. Real seconds in `Retry-After`. */
const mixed: readonly FaultRule[] = [
  { id: 'throttled', probability: 0.05, effect: { kind: 'status', status: 429, retryAfterSeconds: 1 } },
  { id: 'throttledLonger', probability: 0.01, effect: { kind: 'status', status: 429, retryAfterSeconds: 4 } },
  { id: 'internalError', probability: 0.02, effect: { kind: 'status', status: 500 } },
  { id: 'unavailable', probability: 0.02, effect: { kind: 'status', status: 503, body: '' } },
  { id: 'reset', probability: 0.03, effect: { kind: 'reset', when: 'before' } },
  { id: 'lostReply', probability: 0.03, effect: { kind: 'reset', when: 'after' } },
  {
    id: 'lostInGateway',
    method: writes,
    probability: 0.04,
    effect: { kind: 'status', status: 504, when: 'after' },
  },
  { id: 'slow', probability: 0.04, effect: { kind: 'slow', seconds: 40 } },
];

/** What befalls the app and nobody else. `slowWrites`: every reply to a write is late, so that a crash finds it open. */
export function faultsOf(order: { readonly faults: boolean; readonly slowWrites: boolean }): FaultRule[] {
  const slow: FaultRule = { id: 'slowWrite', method: writes, effect: { kind: 'slow', seconds: 60 } };
  const rules = [...(order.faults ? mixed : []), ...(order.slowWrites ? [slow] : [])];
  return rules.map((rule) => ({ ...rule, principal: localIdentity.objectId }));
}
