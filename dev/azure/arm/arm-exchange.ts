import type { LocalRequest } from '../local-message';
import type { RequestRecord } from '../request-log';
import { retryAfterText } from '../local-clock';
import type { OperationLies } from '../lies';
import type { TargetProfile } from '../profiles/target-profile';
import type { Tenants } from '../tenants';
import type { Actor, World } from '../world';

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
