import type { LocalRequest } from '../http/message';
import type { RequestRecord } from '../http/request-log';
import { retryAfterText } from '../model/local-clock';
import type { OperationLies } from '../faults/lies';
import type { Tenants } from '../access/tenants';
import type { Actor, TargetProfile, World } from '../model/world';

/** One authorised request to ARM, and what is noted about it. */
export interface ArmExchange {
  readonly world: World;
  readonly tenants: Tenants;
  readonly request: LocalRequest;
  readonly url: URL;
  readonly apiVersion: string;
  readonly actor: Actor;
  readonly record: RequestRecord;
  /** Set by fault rules, for the operation that this write begins. */
  readonly operation: OperationLies;
}

export function retryAfterOf(world: World, profile: TargetProfile): string | undefined {
  const { retryAfterSeconds } = profile.timings;
  return retryAfterSeconds === undefined ? undefined : retryAfterText(world.clock, retryAfterSeconds);
}
