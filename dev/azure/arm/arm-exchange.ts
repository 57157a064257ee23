import type { LocalRequest } from '../local-message';
import type { RequestRecord } from '../request-log';
import { retryAfterText } from '../local-clock';
import type { TargetProfile } from '../profiles/target-profile';
import type { Actor, World } from '../world';

/** One authorised request to ARM, and what is noted about it. */
export interface ArmExchange {
  readonly world: World;
  readonly request: LocalRequest;
  readonly url: URL;
  readonly apiVersion: string;
  readonly actor: Actor;
  readonly record: RequestRecord;
  /** Set by a fault rule: the operation that this write begins ends as failed. */
  readonly operationFailure: { readonly code: string; readonly message: string } | undefined;
}

export function retryAfterOf(world: World, profile: TargetProfile): string | undefined {
  const { retryAfterSeconds } = profile.timings;
  return retryAfterSeconds === undefined ? undefined : retryAfterText(world.clock, retryAfterSeconds);
}
