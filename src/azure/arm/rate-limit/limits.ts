import { guidSource } from '../../../base/guid';
import type { ArmMethod } from '../rbac-action';
import type { MeterSpec } from './bucket';

/**
 * ARM's documented limits. There is a bucket of `size` for each subscription (or tenant), region of ARM,
 * identity and class of operation; where ARM still counts the old way, it is `hourly` requests in an hour
 * instead.
 */
const documented: Readonly<
  Record<OperationClass, { readonly size: number; readonly refillPerSecond: number; readonly hourly: number }>
> = {
  reads: { size: 250, refillPerSecond: 25, hourly: 12_000 },
  writes: { size: 200, refillPerSecond: 10, hourly: 1_200 },
  deletes: { size: 200, refillPerSecond: 10, hourly: 15_000 },
};

/** The factor by which the bucket of all identities of a subscription exceeds one identity's. */
const globalFactor = 15;

/**
 * The unused share of Postern's own bucket, for requests that other instances of the app send before their
 * headers are read, so that a 429 stays the exception.
 */
const ownReserve = 0.1;

/**
 * The unused share of shared buckets: people and pipelines fail when these are empty, while Postern only
 * waits.
 */
export const defaultReserveShare = 0.25;

/**
 * The limits of one class of operations. `most` is the largest level ever seen of a bucket, which is its size
 * as far as is known.
 */
export interface ArmLimits {
  /** The maximum size of the identity's own bucket. */
  readonly ownSize: number;
  own(most?: number): MeterSpec;
  hourly(most: number): MeterSpec;
  /** The bucket of all identities, always of the documented size, because others empty it. */
  readonly global: MeterSpec;
  /** Postern's own limit: never more than ARM's whole bucket in a second, whatever headers say. */
  readonly localPace: MeterSpec;
  /** A counter of a resource provider, for all identities together. */
  counter(most: number, windowSeconds: number): MeterSpec;
}

/**
 * Returns the limits of a class of operations. `reserveShare` is the share of shared buckets to leave to
 * others.
 */
export function armLimitsOf(operationClass: OperationClass, reserveShare: number): ArmLimits {
  const { size, refillPerSecond, hourly } = documented[operationClass];
  return {
    ownSize: size,
    own: (most = size) => ({ size: Math.min(size, most), refillPerSecond, reserve: ownReserve }),
    hourly: (most) => ({
      size: Math.min(hourly, most),
      refillPerSecond: hourly / 3600,
      reserve: ownReserve,
    }),
    global: {
      size: size * globalFactor,
      refillPerSecond: refillPerSecond * globalFactor,
      reserve: reserveShare,
    },
    localPace: { size: size / 2, refillPerSecond: size / 2, reserve: 0 },
    counter: (most, windowSeconds) => ({
      size: most,
      refillPerSecond: most / windowSeconds,
      reserve: reserveShare,
    }),
  };
}

/** The classes of operations that ARM counts separately. */
export type OperationClass = 'reads' | 'writes' | 'deletes';

/** The scope whose bucket a request is taken from. */
export interface ArmScope {
  /** The subscription in lower case; `undefined` for a request about the tenant. */
  readonly subscriptionId: string | undefined;
  readonly operationClass: OperationClass;
  /** The namespace of the resource provider that answers, lower case, e.g. `microsoft.keyvault`. */
  readonly provider: string | undefined;
}

const subscriptionPattern = new RegExp(`^/subscriptions/(${guidSource})(?:/|$)`, 'i');
const providerPattern = /^.*\/providers\/([\w.-]{1,100})(?:\/|$)/i;

/**
 * Returns the scope of a request, from any URL on ARM's origin: of a resource, a page of a list, or an
 * operation.
 */
export function armScopeOf(method: ArmMethod, url: string): ArmScope {
  const { pathname } = new URL(url);
  const provider = providerPattern.exec(pathname)?.[1]?.toLowerCase();
  return {
    subscriptionId: subscriptionPattern.exec(pathname)?.[1]?.toLowerCase(),
    operationClass: classOf(method, provider),
    provider,
  };
}

function classOf(method: ArmMethod, provider: string | undefined): OperationClass {
  switch (method) {
    case 'GET':
      return 'reads';
    case 'DELETE':
      return 'deletes';
    case 'PUT':
    case 'PATCH':
      return 'writes';
    case 'POST':
      return provider === resourceGraph ? 'reads' : 'writes';
  }
}

/** The namespace of Resource Graph, whose query is a POST that only reads. */
export const resourceGraph = 'microsoft.resourcegraph';
