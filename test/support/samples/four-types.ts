import { ownStoreTypes, type TargetType } from '../../../src/connections/target-type';
import type { EventReading } from '../../../src/events/hints';
import { hintsFromEvent as hintsFrom } from '../../../src/events/read-event';

/** Tells whether a type is one of the four with a store of their own: the choice of most tests. */
export function isOneOfFour(type: TargetType): boolean {
  return (ownStoreTypes as readonly TargetType[]).includes(type);
}

/** Reads an event where only those four are answered. */
export function hintsFromEvent(event: unknown, ownObjectId?: string): EventReading {
  return hintsFrom(event, { answers: isOneOfFour, ownObjectId });
}
