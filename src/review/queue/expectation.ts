import { addSeconds } from '../../base/clock';
import { compareText } from '../../base/compare';
import { hasStatus } from '../../connections/connection';
import { goneStatus, type ConnectionState } from '../../operations/operation';
import type { Expectation, TargetMark } from '../../operations/operation-store';
import type { ReviewRequest } from './review-request';

/**
 * How long a review looks for an announced connection. It may appear many minutes after its event:
 * more than ten were recorded on API Management.
 */
export const lookForSeconds = 20 * 60;
/** How late Event Grid may deliver an event whose effect a review has already seen. */
const lateSeconds = 60;

/** The most announced connections of a target that are told apart. */
const mostExpectations = 12;
/** The longest time between two looks for an announced connection. */
const longestLookSeconds = 4 * 60;

/** Tells whether the target's mark already names what the hint announced. */
export function isExpected({ expected = [] }: TargetMark, request: ReviewRequest): boolean {
  const announced = expectationOf(request);
  return announced !== undefined && expected.some((known) => covers(known, announced));
}

/**
 * Tells whether what the hint announced is looked for no longer, so that the review after the hint
 * was the last look.
 */
export function isSearchOver({ lookUntil }: Pick<ReviewRequest, 'lookUntil'>, now: Date): boolean {
  return lookUntil !== undefined && new Date(lookUntil) <= now;
}

/**
 * Lists what is expected of a target with what the hint announced added to it. Beyond a dozen, the
 * connections are not told apart any more: one entry stands for them, so that a flood of events
 * neither grows the list nor displaces what others announced.
 */
export function withExpectation(
  { expected = [] }: Pick<TargetMark, 'expected'>,
  request: Pick<ReviewRequest, 'expects' | 'lookUntil'>,
): readonly Expectation[] {
  const announced = expectationOf(request);
  if (announced === undefined || expected.some((known) => covers(known, announced))) return expected;
  const others = expected.filter(({ endpoint }) => endpoint !== announced.endpoint);
  const named = others.filter(({ endpoint }) => endpoint !== undefined);
  if (named.length < mostExpectations - 1) return [...others, announced];
  const until = [...others, announced]
    .map((each) => each.until)
    .toSorted(compareText)
    .at(-1);
  return [...named, { until: until ?? announced.until }];
}

function expectationOf({
  expects,
  lookUntil,
}: Pick<ReviewRequest, 'expects' | 'lookUntil'>): Expectation | undefined {
  if (expects === undefined || lookUntil === undefined) return undefined;
  return { endpoint: expects, until: lookUntil };
}

function covers(known: Expectation, { endpoint, until }: Expectation): boolean {
  return (known.endpoint ?? endpoint) === endpoint && new Date(known.until) >= new Date(until);
}

/** What is still looked for after a review. */
export interface Unmet {
  readonly expected: readonly Expectation[];
  /** The seconds until the next look; absent if nothing is expected. */
  readonly seconds: number | undefined;
  /** How many are looked for no longer, because their time is over. */
  readonly ended: number;
}

/**
 * Lists what a review did not find and another one must look for. The delay grows with the age of
 * the youngest, up to four minutes; one whose time is over is given up.
 */
export function stillExpected(
  expected: readonly Expectation[],
  {
    now,
    connectionStates,
    firstSeconds,
  }: {
    readonly now: Date;
    readonly connectionStates: Parameters<typeof isExpectationMet>[1];
    readonly firstSeconds: number;
  },
): Unmet {
  const unmet = expected
    .filter(
      ({ endpoint, until }) =>
        !(
          endpoint !== undefined &&
          isExpectationMet({ expects: endpoint, lookUntil: until }, connectionStates)
        ),
    )
    .map((expectation) => ({ expectation, seconds: secondsToNextLook(expectation, now, firstSeconds) }));
  const open = unmet.filter(({ seconds }) => seconds >= firstSeconds);
  return {
    expected: open.map(({ expectation }) => expectation),
    seconds: open.length === 0 ? undefined : Math.min(...open.map(({ seconds }) => seconds)),
    ended: unmet.length - open.length,
  };
}

/** The last look is at the very end of its time. */
function secondsToNextLook({ until }: Expectation, now: Date, firstSeconds: number): number {
  const left = Math.floor((Date.parse(until) - now.getTime()) / 1000);
  return Math.min(longestLookSeconds, Math.max(firstSeconds, lookForSeconds - left), left);
}

/**
 * Tells whether what a hint announced has been seen, whatever its status is now, even if it was
 * decided or went away since the event. True for a hint that announced nothing.
 */
export function isExpectationMet(
  { expects, lookUntil }: Pick<ReviewRequest, 'expects' | 'lookUntil'>,
  connectionStates: readonly Pick<ConnectionState, 'endpointKey' | 'status' | 'firstSeen'>[],
): boolean {
  if (expects === undefined) return true;
  const since =
    lookUntil === undefined ? undefined : addSeconds(new Date(lookUntil), -lookForSeconds - lateSeconds);
  return connectionStates.some(({ endpointKey, status, firstSeen }) => {
    const isRecent = since !== undefined && new Date(firstSeen) >= since;
    if (expects === 'any') return isRecent || hasStatus({ status }, 'Pending');
    return endpointKey === expects && (isRecent || status !== goneStatus);
  });
}
