import { createSimulatedAccount } from '../../../../../dev/explore/storage/account';
import type { Entity } from '../../../../../dev/explore/storage/table/entity';
import type { SimulatedTable, TableAction } from '../../../../../dev/explore/storage/table/table';
import { refusalOf } from './refusal';

const place = { partitionKey: 'p', rowKey: 'r' };

describe('a row', () => {
  test('has the columns that were written, an ETag and a time stamp', () => {
    const table = createdTable();
    const etag = insert(table, { ...place, text: 'x', number: 1.5, flag: false, none: undefined, nil: null });
    expect(table.get('p', 'r')).toEqual({
      ...place,
      text: 'x',
      number: 1.5,
      flag: false,
      etag,
      timestamp: '2026-01-05T12:00:00.0000000Z',
    });
    expect(etag).toBe(`W/"datetime'2026-01-05T12%3A00%3A00.0000000Z'"`);
  });

  test('that was read stays as it was when it is written again', () => {
    const table = createdTable();
    insert(table, { ...place, text: 'before' });
    const read = table.get('p', 'r');
    table.write({ kind: 'upsert', entity: { ...place, text: 'after' }, mode: 'Replace' });
    expect(read['text']).toBe('before');
  });

  test('that was removed and inserted again has another version', () => {
    const table = createdTable();
    const etag = insert(table, place);
    table.write({ kind: 'delete', entity: place, etag: '*' });
    expect(insert(table, place)).not.toBe(etag);
  });

  test.each<[name: string, entity: Entity, code: string]>([
    ['a slash in the partition key', { ...place, partitionKey: 'a/b' }, 'OutOfRangeInput'],
    ['a backslash in the row key', { ...place, rowKey: 'a\\b' }, 'OutOfRangeInput'],
    ['a control character in the row key', { ...place, rowKey: 'a\u0085b' }, 'OutOfRangeInput'],
    ['a key of more than 1 KiB', { ...place, rowKey: 'k'.repeat(513) }, 'KeyValueTooLarge'],
    ['a text of more than 64 KiB', { ...place, text: 'x'.repeat(32_769) }, 'PropertyValueTooLarge'],
    ['more than 252 columns', { ...place, ...columns(253, 1) }, 'TooManyProperties'],
    ['more than 1 MiB', { ...place, ...columns(18, 30_000) }, 'EntityTooLarge'],
    ['a whole number beyond 32 bits', { ...place, number: 2_147_483_648 }, 'InvalidInput'],
  ])('with %s is refused', (_, entity, code) => {
    const table = createdTable();
    expect(refusalOf(() => insert(table, entity))).toEqual({ httpStatus: 400, code: code });
    expect([...table.rows()]).toEqual([]);
  });

  test.each<[name: string, entity: Entity]>([
    ['a key of 1 KiB', { ...place, rowKey: 'k'.repeat(512) }],
    ['a text of 64 KiB', { ...place, text: 'x'.repeat(32_768) }],
    ['252 columns', { ...place, ...columns(252, 1) }],
    ['almost 1 MiB', { ...place, ...columns(17, 30_000) }],
    ['a number of 32 bits', { ...place, number: -2_147_483_648 }],
  ])('with %s is stored', (_, entity) => {
    const table = createdTable();
    insert(table, entity);
    expect([...table.rows()]).toHaveLength(1);
  });

  test.each([[new Date(0)], [5n], [Number.NaN], [Uint8Array.of(1)]])(
    'with a value that is not simulated, %p, is an error that says so',
    (value) => {
      expect(() => insert(createdTable(), { ...place, value })).toThrow('do not store');
    },
  );
});

describe('a transaction', () => {
  test('of more than a hundred actions is refused', () => {
    const table = createdTable();
    const actions = Array.from({ length: 101 }, (_, index) => insertion({ ...place, rowKey: `${index}` }));
    expect(refusalOf(() => table.transaction(actions))).toEqual({ httpStatus: 400, code: 'InvalidInput' });
    expect(table.transaction(actions.slice(0, 100))).toHaveLength(100);
  });

  test('that is refused changes nothing and names the action', () => {
    const table = createdTable();
    insert(table, place);
    const before = [[...table.rows()], table.changeCount];
    const actions: TableAction[] = [
      insertion({ ...place, rowKey: 'new' }),
      { kind: 'delete', entity: place, etag: '*' },
      { kind: 'update', entity: { ...place, rowKey: 'missing' }, mode: 'Merge', etag: '*' },
    ];
    expect(() => table.transaction(actions)).toThrow(/^2:/);
    expect(refusalOf(() => table.transaction(actions))).toEqual({
      httpStatus: 404,
      code: 'ResourceNotFound',
    });
    expect([[...table.rows()], table.changeCount]).toEqual(before);
  });
});

describe('a query', () => {
  test.each([
    ['v eqq 1'],
    ['v eq'],
    ['eq 1'],
    ['(v eq 1'],
    ['v eq 1)'],
    ['v eq 1 and'],
    ["v eq 'x"],
    ['v eq 1 v eq 2'],
    ['v eq x'],
    ['v = 1'],
    ['not'],
    ["v eq datetime'2026-01-05T12:00:00Z'"],
  ])('with the filter %s is refused', (filter) => {
    expect(refusalOf(() => createdTable().query({ filter }))).toEqual({
      httpStatus: 400,
      code: 'InvalidInput',
    });
  });

  test.each([
    ["PartitionKey eq 'p' or PartitionKey eq 'q'", ['p 1', 'p 2', 'q 1']],
    ["PartitionKey eq 'q'", ['q 1']],
    ["PartitionKey eq 'q' and v ge 0", ['q 1']],
    ["v ge 0 and (PartitionKey eq 'p' and RowKey gt '1')", ['p 2']],
    ["not (PartitionKey eq 'p')", ['q 1', 'r 1']],
    ["PartitionKey ne 'p' and PartitionKey lt 'r'", ['q 1']],
    ["PartitionKey eq 'missing'", []],
    ['v lt 2 or v gt 2 and v lt 4', ['p 1', 'q 1']],
    ['(v lt 2 or v gt 2) and v lt 2', ['p 1']],
    ['v eq -1', []],
    ["v eq '1'", []],
    ['missing ne 1', []],
    [undefined, ['p 1', 'p 2', 'q 1', 'r 1']],
  ])('with the filter %s finds the rows that match, in order', (filter, found) => {
    const table = createdTable();
    for (const [index, key] of ['r 1', 'q 1', 'p 2', 'p 1'].entries()) {
      const [partitionKey = '', rowKey = ''] = key.split(' ');
      insert(table, { partitionKey, rowKey, v: 4 - index });
    }
    const { rows } = table.query({ filter });
    expect(rows.map(({ partitionKey, rowKey }) => `${partitionKey} ${rowKey}`)).toEqual(found);
  });

  test('gives a thousand rows at most, and goes on where it ended, whatever was removed meanwhile', () => {
    const table = createdTable();
    for (let row = 0; row < 2_500; row += 1) {
      insert(table, { partitionKey: `p${row % 3}`, rowKey: String(row).padStart(4, '0') });
    }
    const first = table.query({ top: 5_000 });
    expect(first.rows).toHaveLength(1_000);
    for (const row of [...table.rows()].filter(({ partitionKey }) => partitionKey === 'p1')) {
      table.write({ kind: 'delete', entity: row, etag: row.etag });
    }
    const second = table.query({ continuation: first.continuation });
    expect(second.rows.every(({ partitionKey }) => partitionKey === 'p2')).toBe(true);
    expect(second).toMatchObject({ rows: { length: 833 }, continuation: undefined });
  });

  test('may end early, even without a row, and then goes on', () => {
    const sizes = [0, 2, 0, 1_000];
    const table = createdTable({ rowsPerPage: () => sizes.shift() ?? 1 });
    for (const rowKey of ['a', 'b', 'c']) insert(table, { ...place, rowKey });
    const seen: number[] = [];
    let continuation: string | undefined;
    do {
      const page = table.query({ continuation });
      seen.push(page.rows.length);
      continuation = page.continuation;
    } while (continuation !== undefined);
    expect(seen).toEqual([0, 2, 0, 1]);
  });
});

test('a table shows its judge when rows changed, and all of them', () => {
  const table = createdTable();
  insert(table, place);
  insert(table, { partitionKey: 'q', rowKey: 'r' });
  const { changeCount } = table;
  expect(refusalOf(() => insert(table, place))).toEqual({ httpStatus: 409, code: 'EntityAlreadyExists' });
  expect(table.changeCount).toBe(changeCount);
  table.write({ kind: 'delete', entity: place, etag: '*' });
  expect(table.changeCount).toBeGreaterThan(changeCount);
  expect([...table.rows()].map(({ partitionKey }) => partitionKey)).toEqual(['q']);
  expect([[...table.rowsOf('p')], [...table.rowsOf('q')]]).toMatchObject([[], [{ rowKey: 'r' }]]);
});

test('whoever asked for it is told of each row that is written or removed, and of no refused call', () => {
  const told: unknown[] = [];
  const account = createSimulatedAccount({
    now: () => 0,
    random: () => 0.5,
    onRow: (table, change, { rowKey, text }) => told.push([table, change, rowKey, text]),
  });
  const table = account.table('rows');
  table.create();
  insert(table, { ...place, text: 'x' });
  table.write({ kind: 'upsert', entity: { ...place, text: 'y' }, mode: 'Merge' });
  expect(() => table.transaction([insertion({ ...place, rowKey: 't' }), insertion(place)])).toThrow();
  table.transaction([insertion({ ...place, rowKey: 's' }), { kind: 'delete', entity: place, etag: '*' }]);
  expect(told).toEqual([
    ['rows', 'inserted', 'r', 'x'],
    ['rows', 'updated', 'r', 'y'],
    ['rows', 'inserted', 's', undefined],
    ['rows', 'removed', 'r', 'y'],
  ]);
});

function createdTable(options: { readonly rowsPerPage?: () => number } = {}): SimulatedTable {
  const now = () => Date.parse('2026-01-05T12:00:00.000Z');
  const table = createSimulatedAccount({ now, random: () => 0.5, ...options }).table('rows');
  table.create();
  return table;
}

function insertion(entity: Entity): TableAction {
  return { kind: 'insert', entity };
}

function insert(table: SimulatedTable, entity: Entity): string | undefined {
  return table.write(insertion(entity));
}

function columns(count: number, length: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, 'x'.repeat(length)]));
}
