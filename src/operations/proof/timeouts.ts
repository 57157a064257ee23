/**
 * The time that an unexpected answer gets to correct itself, in polling floors of the target:
 * providers that are slow to poll are slow to settle.
 */
const absenceFloors = 3;
const lagFloors = 6;
const unknownStateFloors = 12;

/** Computes the seconds between the two reads that prove that a connection is gone. */
export function absenceSeconds(pollFloorSeconds: number): number {
  return absenceFloors * pollFloorSeconds;
}

/** Computes the seconds for which a reading may still show the old status after a write is done. */
export function lagSeconds(pollFloorSeconds: number): number {
  return lagFloors * pollFloorSeconds;
}

/** Computes the seconds for which Postern waits while the provisioning state is undocumented. */
export function unknownStateSeconds(pollFloorSeconds: number): number {
  return unknownStateFloors * pollFloorSeconds;
}

/**
 * Tells whether something that began at `since` (ISO 8601; absent: it has not begun) has lasted for
 * `seconds`.
 */
export function hasLasted(since: string | undefined, seconds: number, now: Date): boolean {
  return since !== undefined && now.getTime() - Date.parse(since) >= seconds * 1000;
}
