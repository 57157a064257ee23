import fc from 'fast-check';
import { hostilePieces, hostileText } from './hostile-text';
import { editText, textEdit, type TextEdit } from './mutated-text';

/** One edit of a JSON-like value. `place` selects one of its parts, modulo their number. */
type Edit =
  | { readonly kind: 'replace'; readonly place: number; readonly value: unknown }
  | { readonly kind: 'add'; readonly place: number; readonly key: string; readonly value: unknown }
  | { readonly kind: 'wrap'; readonly place: number; readonly depth: number }
  | { readonly kind: 'repeat'; readonly place: number; readonly times: number }
  | { readonly kind: 'remove' | 'text'; readonly place: number }
  | { readonly kind: 'retext'; readonly place: number; readonly edits: readonly TextEdit[] };

/** A value of the wrong kind for any place, including names of prototypes, depth and length. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  { weight: 2, arbitrary: fc.jsonValue() },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      ...[
        null,
        true,
        false,
        0,
        -1,
        1.5,
        1e308,
        -1e308,
        Number.MAX_SAFE_INTEGER,
        2 ** 53,
        '',
        [],
        {},
        [null],
        [[]],
      ],
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(2, 50, 500).map(nested) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(0, '', null, {}).map((one) => Array<unknown>(200).fill(one)),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('__proto__', 'constructor', 'toString', 'then', 'toJSON')
      .map((key) => ownProperty({}, key, { id: 'x', status: 'Approved' })),
  },
);

/** Generates copies of JSON-like values with one to `maxEdits` edits at any place. */
export function mutatedValue(
  original: fc.Arbitrary<unknown>,
  options: { value?: fc.Arbitrary<unknown>; piece?: fc.Arbitrary<string>; maxEdits?: number } = {},
): fc.Arbitrary<unknown> {
  const { value = hostileValue, piece = fc.constantFrom(...hostilePieces), maxEdits = 3 } = options;
  const place = fc.nat(100_000);
  const edits = textEdit(piece);
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('replace'), place, value }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('retext'),
        place,
        edits: fc.array(edits, { minLength: 1, maxLength: 2 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('remove', 'text'), place }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('add'),
        place,
        key: fc.constantFrom(...hostilePieces),
        value,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('wrap'), place, depth: fc.integer({ min: 1, max: 3 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('repeat'), place, times: fc.constantFrom(2, 60) }),
    },
  );
  return fc
    .tuple(original, fc.array(edit, { minLength: 1, maxLength: maxEdits }))
    .map(([whole, list]) => list.reduce<unknown>(applied, structuredClone(whole)));
}

/** Returns lists nested to a depth. */
function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < depth; level += 1) value = [value];
  return value;
}

interface Spot {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function applied(root: unknown, edit: Edit): unknown {
  const top = { root };
  const spots = spotsOf(top);
  const spot = spots[edit.place % spots.length];
  if (spot !== undefined) change(spot, edit);
  return top.root;
}

/** Removes an item. `splice` would call the list's constructor, which an edit may have replaced. */
function removeAt(list: unknown[], index: number): void {
  list.copyWithin(index, index + 1);
  list.length -= 1;
}

/** Applies an edit. Values are cloned, because the same value may be inserted twice and changed there. */
function change({ holder, key }: Spot, edit: Edit): void {
  const present = holder[key];
  switch (edit.kind) {
    case 'replace':
      ownProperty(holder, key, structuredClone(edit.value));
      return;
    case 'remove':
      if (Array.isArray(holder)) removeAt(holder, Number(key));
      else Reflect.deleteProperty(holder, key);
      return;
    case 'text':
      ownProperty(holder, key, JSON.stringify(isDeep(present) ? null : present));
      return;
    case 'retext':
      if (typeof present === 'string') ownProperty(holder, key, edit.edits.reduce(editText, present));
      return;
    case 'wrap':
      ownProperty(
        holder,
        key,
        Array.from({ length: edit.depth }).reduce<unknown>((inner) => [inner], present),
      );
      return;
    case 'repeat':
      ownProperty(holder, key, Array<unknown>(edit.times).fill(present));
      return;
    case 'add':
      if (typeof present === 'object' && present !== null)
        ownProperty(present, edit.key, structuredClone(edit.value));
  }
}

const maxSpots = 3_000;

/** Returns every place in a value, without recursion, because values can be deep. */
function spotsOf(top: object): Spot[] {
  const spots: Spot[] = [];
  const waiting: object[] = [top];
  for (let holder = waiting.pop(); holder !== undefined && spots.length < maxSpots; holder = waiting.pop()) {
    for (const [key, value] of Object.entries(holder)) {
      spots.push({ holder: holder as Record<string, unknown>, key });
      if (typeof value === 'object' && value !== null) waiting.push(value as object);
    }
  }
  return spots;
}

function isDeep(value: unknown): boolean {
  return typeof value === 'object' && value !== null && spotsOf(value).length > 500;
}

/** Defines an own property, even for the key `__proto__`. */
function ownProperty<T extends object>(holder: T, key: string, value: unknown): T {
  return Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}
