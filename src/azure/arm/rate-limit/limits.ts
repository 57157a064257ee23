import { guidSource } from '../../../base/guid';
import type { ArmMethod } from '../rbac-action';
import type { MeterSpec } from './bucket';

/**
 * ARM's limits, as documented. For each subscription (or tenant), region of ARM, identity and class there is a bucket
 * of `size`; where ARM still counts the old way, `hourly` requests in an hour take its place.
 */
const documented: Readonly<
  Record<OperationClass, { readonly size: number; readonly refillPerSecond: number; readonly hourly: number }>
> = {
  reads: { size: 250, refillPerSecond: 25, hourly: 12_000 },
  writes: { size: 200, refillPerSecond: 10, hourly: 1_200 },
  deletes: { size: 200, refillPerSecond: 10, hourly: 15_000 },
};

/** All identities of a subscription together have this many times as much. */
const globalFactor = 15;

/**
 * Of Postern's own bucket. Nobody else lives from it; this is what may be on its way from other instances of the app
 * while a header is being read, so that a 429 stays the exception.
 */
const ownReserve = 0.1;

/** Of what is shared: people and their pipelines fail without it, and Postern only waits. */
export const defaultReserveShare = 0.25;

/** `most`: the most that was ever seen of a bucket, which is its size as far as is known. */
export interface ArmLimits {
  /** A bucket cannot hold more than this. */
  readonly ownSize: number;
  own(most?: number): MeterSpec;
  hourly(most: number): MeterSpec;
  /** Of the documented size, always: it is others who empty it. */
  readonly global: MeterSpec;
  /** Postern's own: in no second more than ARM's whole bucket, whatever headers say. */
  readonly localPace: MeterSpec;
  /** What a provider counts, for all identities together. */
  counter(most: number, windowSeconds: number): MeterSpec;
}

/** `reserveShare`: the share of what is shared that is left to others. */
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

/** What ARM counts separately. */
export type OperationClass = 'reads' | 'writes' | 'deletes';

/** Whose bucket a request is taken from. */
export interface ArmScope {
  /** Lower case; `undefined` for what belongs to the tenant. */
  readonly subscriptionId: string | undefined;
  readonly operationClass: OperationClass;
  /** The namespace of the resource provider that answers, lower case, e.g. `microsoft.keyvault`. */
  readonly provider: string | undefined;
}

const subscriptionPattern = new RegExp(`^/subscriptions/(${guidSource})(?:/|$)`, 'i');
const providerPattern = /^.*\/providers\/([\w.-]{1,100})(?:\/|$)/i;

/** From any URL on ARM's origin: of a resource, of a page of a list, of an operation. */
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
      return 'writes';
    case 'POST':
      return provider === resourceGraph ? 'reads' : 'writes';
  }
}

/** Its query is a POST that only reads. */
export const resourceGraph = 'microsoft.resourcegraph';
