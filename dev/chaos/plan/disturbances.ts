import type { PlannedTarget } from './draw-targets';
import { localIdentity, type Disturbance, type FaultEffect, type FaultRule } from '../../azure';

/**
 * Faults of event delivery. The delays, in seconds of the local Azure's clock, are wide enough to reorder
 * events.
 */
export const eventDisturbance: Disturbance = {
  dropProbability: 0.2,
  duplicateProbability: 0.25,
  delaySeconds: [0, 120],
};

const writes = 'PUT|PATCH|DELETE';

/** Faults of about a fifth of the app's calls. `Retry-After` is in real seconds. */
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

const list = 'privateEndpointConnections\\?';
const single = 'privateEndpointConnections/[^/]+\\?';
const both = 'privateEndpointConnections[/?]';

type LieRow = readonly [id: string, method: string, path: string, probability: number, effect: FaultEffect];

/** Lies, but none about an endpoint's facts: the app would rightly approve by them. */
const lieRows: readonly LieRow[] = [
  ['lieNotFound', 'GET', both, 0.02, { kind: 'not-found' }],
  ['lieNoParent', 'GET', single, 0.01, { kind: 'not-found', what: 'parent' }],
  ['lieEmptyList', 'GET', list, 0.02, { kind: 'shorter-list' }],
  ['lieShorterList', 'GET', list, 0.02, { kind: 'shorter-list', keep: 1 }],
  ['lieNoEndpoint', 'GET', both, 0.01, { kind: 'endpoint-shown', as: 'left-out' }],
  ['lieNullEndpoint', 'GET', both, 0.01, { kind: 'endpoint-shown', as: 'null' }],
  ['lieEmptyEndpoint', 'GET', both, 0.01, { kind: 'endpoint-shown', as: 'empty' }],
  ['lieSlashedEndpoint', 'GET', both, 0.01, { kind: 'endpoint-shown', as: 'trailing-slash' }],
  ['lieUpperEndpoint', 'GET', both, 0.01, { kind: 'endpoint-shown', as: 'upper-case' }],
  ['lieStatePending', 'GET', both, 0.01, { kind: 'provisioning-state', state: 'Pending' }],
  ['lieStateProvisioning', 'GET', both, 0.01, { kind: 'provisioning-state', state: 'Provisioning' }],
  ['lieStateUnknown', 'GET', both, 0.01, { kind: 'provisioning-state', state: 'Unknown' }],
  ['lieStateEmpty', 'GET', both, 0.01, { kind: 'provisioning-state', state: '' }],
  ['lieStateLeftOut', 'GET', both, 0.01, { kind: 'provisioning-state', state: null }],
  ['lieNeverEnds', writes, single, 0.02, { kind: 'operation-says', word: 'InProgress' }],
  ['lieCancelled', writes, single, 0.02, { kind: 'operation-says', word: 'Cancelled' }],
  ['lieCompleted', writes, single, 0.02, { kind: 'operation-says', word: 'Completed' }],
  ['lieTimedOut', writes, single, 0.02, { kind: 'operation-says', word: 'TimedOut' }],
  ['lieDeleteNotFound', 'DELETE', single, 0.05, { kind: 'not-found' }],
  ['lieDeleteUndone', 'DELETE', single, 0.05, { kind: 'delete-undone' }],
  [
    'lieGoneAfterwards',
    'PUT',
    single,
    0.05,
    {
      kind: 'afterwards',
      rule: {
        id: 'lieGoneAfterWrite',
        method: 'GET',
        times: 1,
        // Later it would be a second lie, right after another one about the same target.
        forSeconds: 120,
        effect: { kind: 'not-found' },
      },
    },
  ],
];

/**
 * The minimum distance between two lies about one target: in seconds of the local Azure's clock, and in honest reads, because
 * on a busy machine two reads of one connection may be any time apart.
 */
const apart = { group: 'lies', seconds: 1_200, reads: 4 };

const lies: readonly FaultRule[] = lieRows.map(([id, method, path, probability, effect]) => ({
  id,
  method,
  path,
  probability,
  // A lie about a write may follow any read, but no read may follow a lie with another one too soon.
  apart: method === 'GET' ? apart : { group: 'lies', seconds: 0 },
  effect,
}));

/** Returns rules for targets that always show an odd state. */
export function oddities(targets: readonly PlannedTarget[]): readonly FaultRule[] {
  return targets.flatMap(({ id, name, alwaysShows }): readonly FaultRule[] => {
    if (alwaysShows === undefined) return [];
    const effect: FaultEffect = { kind: 'provisioning-state', state: alwaysShows };
    return [{ id: `lieAlways-${name}`, method: 'GET', path: both, target: id, effect }];
  });
}

export interface FaultOrder {
  /** Whether replies are late, lost or missing. */
  readonly faults: boolean;
  /** Whether replies are wrong. `often`: as often as possible. */
  readonly lies: 'none' | 'some' | 'often';
  /** Whether every reply to a write is late, so that a crash finds it open. */
  readonly slowWrites: boolean;
}

/** Returns fault rules that apply to the app only. */
export function faultsOf(order: FaultOrder, targets: readonly PlannedTarget[]): FaultRule[] {
  const slow: FaultRule = { id: 'slowWrite', method: writes, effect: { kind: 'slow', seconds: 60 } };
  const drawn = order.lies === 'often' ? lies.map(often) : lies;
  const lieRules = order.lies === 'none' ? [] : [...oddities(targets), ...drawn];
  const rules = [...(order.faults ? mixed : []), ...lieRules, ...(order.slowWrites ? [slow] : [])];
  return rules.map((rule) => ({ ...rule, principal: localIdentity.objectId }));
}

function often(rule: FaultRule): FaultRule {
  const { apart: distance, probability = 1 } = rule;
  return {
    ...rule,
    ...(distance === undefined ? {} : { apart: { ...distance, seconds: distance.seconds / 2, reads: 0 } }),
    probability: Math.min(1, probability * 10),
  };
}

/** Returns whether a rule with this id falsifies replies. Others only delay or drop them. */
export function isLie(faultId: string): boolean {
  return faultId.startsWith('lie');
}
