import { check } from '../../../../../dev/chaos/check';
import type { Evidence, Subject } from '../../../../../dev/chaos/check/evidence';
import {
  connectionId,
  decided,
  ended,
  endpointId,
  goodRun,
  postern,
  request,
  somebody,
  targetId,
  write,
} from './evidence-samples';

function rulesOf(change: Partial<Evidence>): readonly string[] {
  return check(goodRun(change)).violations.map(({ rule }) => rule);
}

const subject: Subject = goodRun().subjects[0]!;
const entry = { connectionId, endpointId, by: undefined };

test('a run in which everything went as policy wants has no violation', () => {
  expect(check(goodRun())).toEqual({ violations: [], raced: 0 });
});

describe('the state at the end', () => {
  test('a connection that policy wants approved and that still waits is a violation', () => {
    expect(rulesOf({ subjects: [{ ...subject, status: 'Pending' }] })).toEqual(['state-not-wanted']);
  });

  test('a connection that its target never showed is a violation', () => {
    expect(rulesOf({ subjects: [subject, { ...subject, connectionId: undefined }] })).toEqual([
      'state-not-wanted',
    ]);
  });

  test('a connection that is gone, or that somebody else settled, is left alone', () => {
    expect(rulesOf({ subjects: [{ ...subject, status: 'gone' }] })).toEqual([]);
    expect(rulesOf({ subjects: [{ ...subject, status: 'Rejected' }] })).toEqual([]);
  });

  test('a held connection needs a decision to hold it, in this status, with a reason', () => {
    const held = {
      subjects: [{ ...subject, expectedEffects: { Approved: 'hold' } } as const],
      requests: [],
      operations: [],
    };
    const hold = { effect: 'hold', status: 'Approved' } as const;
    expect(rulesOf({ ...held, ledger: [decided(hold)] })).toEqual([]);
    expect(rulesOf({ ...held, ledger: [] })).toEqual(['held-without-reason']);
    expect(rulesOf({ ...held, ledger: [decided({ ...hold, reason: '' })] })).toEqual(['held-without-reason']);
    expect(rulesOf({ ...held, ledger: [decided({ ...hold, status: 'Pending' })] })).toEqual([
      'held-without-reason',
    ]);
  });
});

describe('each write', () => {
  test('a write that policy wants in no status is a violation', () => {
    expect(rulesOf({ subjects: [{ ...subject, expectedEffects: { Pending: 'hold' } }] })).toContain(
      'unwanted-write',
    );
  });

  test('another write than the one that policy wants is a violation', () => {
    expect(rulesOf({ subjects: [{ ...subject, expectedEffects: { Pending: 'reject' } }] })).toContain(
      'unwanted-write',
    );
  });

  test('a write on a connection that nobody planned is a violation', () => {
    expect(rulesOf({ subjects: [] })).toContain('unwanted-write');
  });

  test('an approval of what somebody else had rejected before it was read is a violation', () => {
    const requests = [
      request({ startedRealMs: 1_000 }),
      write({ startedRealMs: 1_200, statusBefore: 'Rejected' }),
    ];
    const history = [
      { ...entry, atMs: 500, status: 'Pending' },
      { ...entry, atMs: 900, status: 'Rejected', by: somebody },
      { ...entry, atMs: 1_201, status: 'Approved', by: postern },
    ];
    expect(rulesOf({ requests, history })).toEqual(['overrode-somebody']);
  });

  test('a write that somebody else overtook after the last reading is counted as a race', () => {
    const requests = [
      request({ startedRealMs: 1_000 }),
      write({ startedRealMs: 1_200, statusBefore: 'Rejected' }),
    ];
    const history = [
      { ...entry, atMs: 500, status: 'Pending' },
      { ...entry, atMs: 1_050, status: 'Rejected', by: somebody },
      { ...entry, atMs: 1_201, status: 'Approved', by: postern },
    ];
    expect(check(goodRun({ requests, history }))).toEqual({ violations: [], raced: 1 });
  });

  test('a reading of a minute ago, or one that was refused, is no excuse', () => {
    const late = write({ startedRealMs: 61_200, statusBefore: 'Rejected' });
    const history = [
      { ...entry, atMs: 500, status: 'Pending' },
      { ...entry, atMs: 50_000, status: 'Rejected', by: somebody },
      { ...entry, atMs: 61_201, status: 'Approved', by: postern },
    ];
    const ledger = [decided(), ended({}, 63_000)];
    const operations = [{ id: 'operation-61200', targetId, startedMs: 61_200, endedMs: 62_000 }];
    const old = [request({ startedRealMs: 1_000 }), late];
    expect(rulesOf({ requests: old, history, operations, ledger })).toEqual(['overrode-somebody']);
    const refused = [...old, request({ startedRealMs: 49_000, status: 503 })];
    expect(rulesOf({ requests: refused, history, operations, ledger })).toEqual(['overrode-somebody']);
  });

  test('what somebody else writes is not judged', () => {
    const foreign = write({
      startedRealMs: 3_000,
      principal: somebody,
      tookEffect: 'reject',
      statusBefore: 'Approved',
    });
    expect(rulesOf({ requests: [...goodRun().requests, foreign] })).toEqual([]);
  });
});

describe('writes on one target', () => {
  const other = {
    connection: `${targetId}/privateEndpointConnections/pe-2`,
    tookEffect: undefined,
    status: 409,
  };

  test('a write that leaves while another request is open is a violation, even when it is refused', () => {
    const requests = [
      ...goodRun().requests,
      write({ ...other, startedRealMs: 1_205, operationId: undefined }),
    ];
    expect(rulesOf({ requests, operations: [] })).toEqual(['overlapping-writes']);
  });

  test('a write while an operation of Postern runs is a violation, even when its reply was lost', () => {
    const requests = [
      request({ startedRealMs: 1_000 }),
      write({ startedRealMs: 1_200, status: 'reset' }),
      write({ ...other, startedRealMs: 1_800, operationId: undefined }),
    ];
    expect(rulesOf({ requests })).toEqual(['overlapping-writes']);
  });

  test('a write while an operation of somebody else runs is none', () => {
    const operations = [
      ...goodRun().operations,
      { id: 'foreign', targetId, startedMs: 1_100, endedMs: 1_900 },
    ];
    expect(rulesOf({ operations })).toEqual([]);
  });

  test('a write after the operation, or on another target, is none', () => {
    const after = write({ ...other, startedRealMs: 2_300, operationId: undefined });
    const elsewhere = write({
      ...other,
      startedRealMs: 1_500,
      operationId: undefined,
      target: `${targetId}0`,
    });
    expect(rulesOf({ requests: [...goodRun().requests, after, elsewhere] })).toEqual([]);
  });
});

describe('decisions', () => {
  test('two decided records of one decision are a violation', () => {
    expect(rulesOf({ ledger: [decided(), decided(), ended()] })).toContain('decided-twice');
  });

  test('two decisions in one stay are a violation; a connection that comes back is decided anew', () => {
    const ledger = [decided(), ended(), decided({ decisionId: 'd2' }), ended({ decisionId: 'd2' })];
    expect(rulesOf({ ledger })).toEqual(['decided-twice']);
    const history = [...goodRun().history, { ...entry, atMs: 4_000, status: 'Pending' }];
    expect(rulesOf({ ledger, history })).toEqual([]);
    const lie = request({ startedRealMs: 3_500, faults: ['lieEmptyList'] });
    expect(rulesOf({ ledger, requests: [...goodRun().requests, lie] })).toEqual([]);
    const trouble = request({ startedRealMs: 3_500, faults: ['throttled'], status: 429 });
    expect(rulesOf({ ledger, requests: [...goodRun().requests, trouble] })).toEqual(['decided-twice']);
  });

  test('a write that nobody decided is a violation', () => {
    expect(rulesOf({ ledger: [] })).toContain('write-before-decision');
    expect(rulesOf({ ledger: [decided({ effect: 'reject' }), ended()] })).toContain('write-before-decision');
  });

  test('a decision that was written down after its write is a violation', () => {
    expect(rulesOf({ ledger: [decided({}, 1_201), ended()] })).toEqual(['write-before-decision']);
  });
});

describe('ends', () => {
  test('a decision without an end is a violation; a hold, or one in audit mode, needs none', () => {
    expect(rulesOf({ ledger: [decided()] })).toEqual(['operation-not-ended']);
    const more = [decided({ decisionId: 'd2', effect: 'hold', status: 'Approved' })];
    const audited = decided({ decisionId: 'd3', mode: 'audit', status: 'Rejected' });
    expect(rulesOf({ ledger: [decided(), ended(), ...more, audited] })).toEqual([]);
  });

  test('a decision of which nothing followed is a violation, also when somebody else answered after it', () => {
    const died = {
      requests: [request({ startedRealMs: 1_000 })],
      operations: [],
      history: [
        { ...entry, atMs: 500, status: 'Pending' },
        { ...entry, atMs: 4_000, status: 'Rejected', by: somebody },
      ],
      subjects: [{ ...subject, status: 'Rejected' }],
      ledger: [decided()],
    };
    expect(rulesOf(died)).toEqual(['operation-not-ended']);
  });

  test('a row that is still open is a violation', () => {
    expect(rulesOf({ open: [{ connectionId, state: 'running' }] })).toEqual(['operation-not-ended']);
  });

  test('an approval that is called applied without a write is a violation', () => {
    const requests = [request({ startedRealMs: 1_000 })];
    expect(rulesOf({ requests })).toEqual(['end-without-write']);
    expect(rulesOf({ requests, ledger: [decided(), ended({ kind: 'superseded' })] })).toEqual([]);
  });

  test('a delete is applied by whoever made the connection go away', () => {
    const gone = {
      subjects: [{ ...subject, expectedEffects: { Pending: 'delete' }, status: 'gone' } as const],
      requests: [],
      history: [
        { ...entry, atMs: 500, status: 'Pending' },
        { ...entry, atMs: 1_500, status: 'gone' },
      ],
    };
    const ledger = [decided({ effect: 'delete' }), ended({ effect: 'delete' })];
    expect(rulesOf({ ...gone, ledger })).toEqual([]);
  });
});

describe('what is called applied', () => {
  const pending = { ...entry, atMs: 500, status: 'Pending' };

  test('is a violation when Azure never had the wanted status, although it took the write', () => {
    expect(rulesOf({ history: [pending] })).toEqual(['end-without-proof']);
    const late = [pending, { ...entry, atMs: 3_100, status: 'Approved', by: postern }];
    expect(rulesOf({ history: late })).toEqual(['end-without-proof']);
  });

  test('is none when somebody changed it a moment later', () => {
    const history = [...goodRun().history, { ...entry, atMs: 2_500, status: 'Rejected', by: somebody }];
    expect(rulesOf({ history, subjects: [{ ...subject, status: 'Rejected' }] })).toEqual([]);
  });

  test.each<[string, Evidence['history'], readonly string[]]>([
    ['was there all the time', [pending], ['end-without-proof']],
    [
      'had been gone before the decision',
      [{ ...pending, atMs: 100, status: 'gone' }, pending],
      ['end-without-proof'],
    ],
    [
      'went only after the record',
      [pending, { ...entry, atMs: 3_500, status: 'gone' }],
      ['end-without-proof'],
    ],
    [
      'was gone, and came again at once',
      [pending, { ...entry, atMs: 1_500, status: 'gone' }, { ...entry, atMs: 1_600, status: 'Approved' }],
      [],
    ],
  ])('a deletion of what %s', (_what, history, rules) => {
    const ledger = [decided({ effect: 'delete' }), ended({ effect: 'delete' })];
    const subjects = [{ ...subject, expectedEffects: { Pending: 'delete' } } as const];
    expect(rulesOf({ subjects, requests: [], operations: [], history, ledger })).toEqual(rules);
  });

  test('is a violation when the write came only after the record', () => {
    const requests = [request({ startedRealMs: 1_000 }), write({ startedRealMs: 3_200 })];
    expect(rulesOf({ requests, operations: [] })).toContain('end-without-write');
  });
});

test('Postern is known by its principal, whatever the casing of ids', () => {
  const upper = write({ startedRealMs: 1_200, connection: connectionId.toUpperCase(), principal: postern });
  expect(rulesOf({ requests: [request({ startedRealMs: 1_000 }), upper] })).toEqual([]);
});
