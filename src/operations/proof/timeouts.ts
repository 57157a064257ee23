/** How long an odd answer is given to right itself, in polling floors of the target: what is slow to poll is slow to settle. */
const absenceFloors = 3;
const lagFloors = 6;
const unknownStateFloors = 12;

/** Computes the seconds between the two looks that prove that something is gone. */
export function absenceSeconds(pollFloorSeconds: number): number {
  return absenceFloors * pollFloorSeconds;
}

/** Computes the seconds for which a reading may still show the status from before a write that is done. */
export function lagSeconds(pollFloorSeconds: number): number {
  return lagFloors * pollFloorSeconds;
}

/** Computes the seconds for which a provisioning state that nobody documented is waited for. */
export function unknownStateSeconds(pollFloorSeconds: number): number {
  return unknownStateFloors * pollFloorSeconds;
}

/** Tells whether something that began at `since` (ISO 8601; absent: it has not begun) has lasted for `seconds`. */
export function hasLasted(since: string | undefined, seconds: number, now: Date): boolean {
  return since !== undefined && now.getTime() - Date.parse(since) >= seconds * 1000;
}
