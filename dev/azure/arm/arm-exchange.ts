import type { LocalRequest } from '../http/message';
import type { RequestRecord } from '../http/request-log';
import { retryAfterText } from '../model/local-clock';
import type { OperationLies } from '../faults/lies';
import type { Tenants } from '../access/tenants';
import type { Actor, TargetProfile, World } from '../model/world';

/** An authorized request to ARM and its log record. */
export interface ArmExchange {
  readonly world: World;
  readonly tenants: Tenants;
  readonly request: LocalRequest;
  readonly url: URL;
  readonly apiVersion: string;
  readonly actor: Actor;
  readonly record: RequestRecord;
  /** Lies about the operation that this write starts, set by fault rules. */
  readonly operation: OperationLies;
}

export function retryAfterOf(world: World, profile: TargetProfile): string | undefined {
  const { retryAfterSeconds } = profile.timings;
  return retryAfterSeconds === undefined ? undefined : retryAfterText(world.clock, retryAfterSeconds);
}
