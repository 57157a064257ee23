import { check } from '../../../../../dev/chaos/check';
import type { Evidence, Subject } from '../../../../../dev/chaos/check/evidence';
import type { ExpectedEffects } from '../../../../../dev/chaos/plan/expected-answers';
import { connectionId, endpointId, goodRun, postern, request, somebody, targetId } from './evidence-samples';

const entry = { connectionId, endpointId, by: undefined };

/** A run in which Postern looks every ten seconds, is told the truth, and does nothing. */
function idleRun(
  expectedEffects: ExpectedEffects,
  status: string,
  change: Partial<Evidence> = {},
): readonly string[] {
  const subject: Subject = { label: 'kv-1/pe-1', endpointId, connectionId, expectedEffects, status };
  const run = goodRun({
    subjects: [{ ...subject, by: change.history?.at(-1)?.by }],
    requests: looks(1_000),
    operations: [],
    history: [{ ...entry, atMs: 500, status }],
    ledger: [],
    ...change,
  });
  return check(run)
    .violations.map(({ rule }) => rule)
    .filter((rule) => !['state-not-wanted', 'held-without-reason', 'write-before-decision'].includes(rule));
}

function looks(...starts: readonly number[]) {
  return starts.flatMap((from) =>
    Array.from({ length: 6 }, (_, index) => request({ startedRealMs: from + index * 10_000 })),
  );
}

const approve: ExpectedEffects = { Pending: 'approve' };
const revoke: ExpectedEffects = { Approved: 'reject' };
const timed: ExpectedEffects = { Pending: 'approve', Approved: 'end' };

describe('what stays as it is, although policy wants it changed and Postern looks', () => {
  test('a request without its answer, also beside strangers', () => {
    expect(idleRun(approve, 'Pending')).toEqual(['request-not-answered']);
  });

  test('a connection that is to be revoked, from the start or approved again', () => {
    expect(idleRun(revoke, 'Approved')).toEqual(['revoked-stays-approved']);
    const history = [
      { ...entry, atMs: 100, status: 'Approved' },
      { ...entry, atMs: 300, status: 'Rejected', by: postern },
      { ...entry, atMs: 900, status: 'Approved', by: somebody },
    ];
    expect(idleRun(revoke, 'Approved', { history })).toEqual(['revoked-stays-approved']);
  });

  test('an approval of Postern’s whose time is over', () => {
    const history = [
      { ...entry, atMs: 100, status: 'Pending' },
      { ...entry, atMs: 500, status: 'Approved', by: postern },
    ];
    expect(idleRun(timed, 'Approved', { history, requests: looks(1_000, 61_000) })).toEqual([
      'approval-outlived',
    ]);
    // Twenty seconds are its time: what was seen meanwhile does not count.
    expect(idleRun(timed, 'Approved', { history, requests: looks(1_000).slice(0, 5) })).toEqual([]);
    const theirs = [history[0]!, { ...history[1]!, by: somebody }];
    expect(idleRun(timed, 'Approved', { history: theirs, requests: looks(1_000, 61_000) })).toEqual([]);
  });

  test('under an id that it had before it was made again', () => {
    const earlier = `${targetId}/privateEndpointConnections/pe-old`;
    const subject: Subject = {
      label: 'kv-1/pe-1',
      endpointId,
      connectionId,
      earlierIds: [earlier],
      expectedEffects: approve,
      status: 'gone',
    };
    const history = [
      { ...entry, connectionId: earlier, atMs: 500, status: 'Pending' },
      { ...entry, connectionId: earlier, atMs: 90_000, status: 'gone' },
      { ...entry, atMs: 95_000, status: 'gone' },
    ];
    expect(idleRun(approve, 'gone', { history, subjects: [subject] })).toEqual(['request-not-answered']);
  });
});

describe('what may stay', () => {
  test.each<[string, ExpectedEffects, string]>([
    ['what policy holds', { Pending: 'hold' }, 'Pending'],
    ['what no rule concerns', {}, 'Rejected'],
    ['what is as wanted', approve, 'Approved'],
  ])('%s', (_what, expectedEffects, status) => {
    expect(idleRun(expectedEffects, status)).toEqual([]);
  });

  test('a request, until it has been seen often enough and for longer than a sweep', () => {
    expect(idleRun(approve, 'Pending', { requests: looks(1_000).slice(0, 3) })).toEqual([]);
    const quick = Array.from({ length: 9 }, (_, index) => request({ startedRealMs: 1_000 + index * 100 }));
    expect(idleRun(approve, 'Pending', { requests: quick })).toEqual([]);
  });

  const put = { method: 'PUT', connection: connectionId, status: 409 } as const;
  test.each<[string, Partial<Evidence>]>([
    ['a write that was refused', { requests: [...looks(1_000), request({ ...put, startedRealMs: 35_000 })] }],
    [
      'a call that met a fault',
      { requests: [...looks(1_000), request({ startedRealMs: 35_000, faults: ['reset'], status: 'reset' })] },
    ],
    [
      'its endpoint that could not be read',
      {
        requests: [
          ...looks(1_000),
          request({
            startedRealMs: 35_000,
            path: `${endpointId}?api-version=1`,
            target: undefined,
            faults: ['unavailable'],
            status: 503,
          }),
        ],
      },
    ],
    [
      'a 429 in the subscription',
      {
        requests: [
          ...looks(1_000),
          request({ startedRealMs: 35_000, target: `${targetId}0`, faults: ['throttled'], status: 429 }),
        ],
      },
    ],
    ['an operation of anybody', { operations: [{ id: 'o', targetId, startedMs: 30_000, endedMs: 36_000 }] }],
    ['a death', { killedMs: [35_000] }],
    [
      'lies about it',
      {
        requests: looks(1_000).map((each, index) =>
          index % 2 ? { ...each, faults: ['lieEmptyList'] } : each,
        ),
      },
    ],
  ])('as long as there is a reason: %s', (_what, change) => {
    expect(idleRun(approve, 'Pending', change)).toEqual([]);
  });

  test('no longer: the fault of another endpoint is no reason', () => {
    const other = request({
      startedRealMs: 35_000,
      path: `${endpointId}0?api-version=1`,
      target: undefined,
      faults: ['unavailable'],
      status: 503,
    });
    expect(idleRun(approve, 'Pending', { requests: [...looks(1_000), other] })).toEqual([
      'request-not-answered',
    ]);
  });
});

describe('the end of an approval', () => {
  const history = [
    { ...entry, atMs: 500, status: 'Pending' },
    { ...entry, atMs: 1_000, status: 'Approved', by: postern },
  ];
  const subject: Subject = {
    label: 'kv-1/pe-1',
    endpointId,
    connectionId,
    expectedEffects: timed,
    status: 'gone',
  };
  const deletion = (startedRealMs: number, statusBefore = 'Approved') =>
    request({
      method: 'DELETE',
      connection: connectionId,
      tookEffect: 'delete',
      startedRealMs,
      statusBefore,
    });
  const rulesOf = (startedRealMs: number, entries: Evidence['history'] = history, statusBefore?: string) =>
    check(
      goodRun({
        subjects: [subject],
        history: entries,
        requests: [request({ startedRealMs: startedRealMs - 200 }), deletion(startedRealMs, statusBefore)],
        operations: [],
        ledger: [],
      }),
    )
      .violations.map(({ rule }) => rule)
      .filter((rule) => rule !== 'write-before-decision');

  test('is in order once its time is over, counted from the request', () => {
    expect(rulesOf(20_501)).toEqual([]);
    expect(rulesOf(20_499)).toEqual(['unwanted-write']);
  });

  test('is not in order when it was somebody else who approved', () => {
    const theirs = [history[0]!, { ...history[1]!, by: somebody }];
    expect(rulesOf(60_000, theirs)).toEqual(['overrode-somebody']);
  });

  test('may be overtaken by somebody else after the last reading', () => {
    const entries = [...history, { ...entry, atMs: 59_900, status: 'Rejected', by: somebody }];
    expect(rulesOf(60_000, entries, 'Rejected')).toEqual([]);
  });

  test('must have come before the run ends', () => {
    const left = { ...subject, status: 'Approved', by: postern };
    const run = goodRun({ subjects: [left], history, requests: [], operations: [], ledger: [] });
    expect(check(run).violations.map(({ rule }) => rule)).toEqual(['state-not-wanted']);
    const theirs = goodRun({
      subjects: [{ ...left, by: somebody }],
      history,
      requests: [],
      operations: [],
      ledger: [],
    });
    expect(check(theirs).violations).toEqual([]);
  });
});
