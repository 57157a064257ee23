import { type Characters, guidLength, type GuidOwner, type Shape } from './text-shape';

/**
 * Returns whether some text has both shapes. A stranger's GUID is never one that the author wrote
 * or owns, so a text that would need such a whole GUID does not exist; a part of it may occur. If
 * in doubt, returns true.
 */
export function shapesOverlap(one: Shape, other: Shape): boolean {
  if (one.kind === 'text') return isOfShape(one.text, other);
  if (other.kind === 'text') return isOfShape(other.text, one);
  const [left, right] = [automatonOf(one), automatonOf(other)];
  const seen = new Set<number>();
  const open: Pair[] = [{ left: 0, right: 0, leftKnown: true, rightKnown: true }];
  const visit = (pair: Pair): void => {
    const flags = (pair.leftKnown ? 1 : 0) + (pair.rightKnown ? 2 : 0);
    const key = (pair.left * right.length + pair.right) * 4 + flags;
    if (!seen.has(key)) {
      seen.add(key);
      open.push(pair);
    }
  };
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    if (pair.left === left.length - 1 && pair.right === right.length - 1) return true;
    const [from, to] = [left[pair.left], right[pair.right]];
    for (const next of from?.jumps ?? []) visit({ ...pair, left: next });
    for (const next of to?.jumps ?? []) visit({ ...pair, right: next });
    for (const step of from?.steps ?? []) {
      for (const against of to?.steps ?? []) {
        const next = together(pair, step, against);
        if (next !== undefined) visit(next);
      }
    }
  }
  return false;
}

/** Returns whether a text that the author wrote has a shape. It contains no stranger's GUID. */
function isOfShape(text: string, shape: Shape): boolean {
  const states = automatonOf(shape);
  let at = reachable([0], states);
  for (const character of text) {
    const next: number[] = [];
    for (const state of at) {
      for (const { to, of, character: wanted, guid } of states[state]?.steps ?? []) {
        const fits = wanted === undefined ? of(character) : wanted === character;
        if (fits && guid?.whose !== 'stranger') next.push(to);
      }
    }
    if (next.length === 0) return false;
    at = reachable(next, states);
  }
  return at.has(states.length - 1);
}

/** Adds all states that are reached without a character. */
function reachable(from: readonly number[], states: readonly State[]): ReadonlySet<number> {
  const all = new Set(from);
  for (const state of all) states[state]?.jumps.forEach((to) => all.add(to));
  return all;
}

interface Pair {
  readonly left: number;
  readonly right: number;
  /**
   * Whether the author wrote or owns all characters of the stranger's GUID so far, on the other
   * side.
   */
  readonly leftKnown: boolean;
  readonly rightKnown: boolean;
}

/** A transition with one character. */
interface Step {
  readonly to: number;
  readonly character?: string;
  readonly of: Characters;
  readonly isOwn?: boolean | undefined;
  readonly guid?: { readonly whose: GuidOwner; readonly at: number };
}

interface State {
  readonly steps: Step[];
  readonly jumps: number[];
}

function together(pair: Pair, step: Step, against: Step): Pair | undefined {
  if (!haveCommon(step, against)) return undefined;
  const leftKnown = knownAfter(step, against, pair.leftKnown);
  const rightKnown = knownAfter(against, step, pair.rightKnown);
  if (leftKnown === undefined || rightKnown === undefined) return undefined;
  return { left: step.to, right: against.to, leftKnown, rightKnown };
}

/** Returns undefined if the stranger's GUID would be one that the author knows. */
function knownAfter({ guid }: Step, against: Step, before: boolean): boolean | undefined {
  if (guid?.whose !== 'stranger') return true;
  const written = against.character !== undefined || against.isOwn === true || against.guid?.whose === 'own';
  const known = written && (guid.at === 0 || before);
  return known && guid.at === guidLength - 1 ? undefined : known;
}

function haveCommon(step: Step, against: Step): boolean {
  if (step.character !== undefined) return against.of(step.character);
  if (against.character !== undefined) return step.of(against.character);
  return step.of === against.of || charactersOverlap(step.of, against.of);
}

const overlapCache = new WeakMap<Characters, WeakMap<Characters, boolean>>();

function charactersOverlap(one: Characters, other: Characters): boolean {
  const known = overlapCache.get(one) ?? new WeakMap<Characters, boolean>();
  overlapCache.set(one, known);
  const answer = known.get(other) ?? samples.some((sample) => one(sample) && other(sample));
  known.set(other, answer);
  return answer;
}

/** The characters that are tried to find out whether two kinds of characters overlap. */
const samples = [
  ...Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index)).filter(
    (character) => character < 'A' || character > 'Z',
  ),
  '\n',
  '\u00e9',
  '\u0439',
  '\u6f22',
];

const automata = new WeakMap<Shape, readonly State[]>();

/** Returns the states of a shape. The first is the start state, the last is the end state. */
function automatonOf(shape: Shape): readonly State[] {
  const known = automata.get(shape);
  if (known !== undefined) return known;
  const states: State[] = [];
  const start = addState(states);
  const inner = build(shape, start, states);
  const end = addState(states);
  states[inner]?.jumps.push(end);
  automata.set(shape, states);
  return states;
}

function addState(states: State[]): number {
  return states.push({ steps: [], jumps: [] }) - 1;
}

/** Adds the states of a shape that starts at `from`. Returns its end state. */
function build(shape: Shape, from: number, states: State[]): number {
  switch (shape.kind) {
    case 'text':
      return Array.from(shape.text).reduce(
        (at, character) => step(states, at, { character, of: (other) => other === character }),
        from,
      );
    case 'one':
      return step(states, from, { of: shape.of, isOwn: shape.isOwn });
    case 'guid':
      return Array.from({ length: guidLength }).reduce<number>(
        (at, _, index) =>
          step(states, at, {
            of: dashes.has(index) ? isDash : isHex,
            guid: { whose: shape.whose, at: index },
          }),
        from,
      );
    case 'row':
      return shape.parts.reduce((at, part) => build(part, at, states), from);
    case 'either': {
      const ends = shape.parts.map((part) => build(part, jump(states, from), states));
      const end = addState(states);
      ends.forEach((at) => states[at]?.jumps.push(end));
      return end;
    }
    case 'many': {
      const loop = jump(states, from);
      const after = build(shape.part, loop, states);
      states[after]?.jumps.push(loop);
      return jump(states, shape.least === 0 ? loop : after);
    }
  }
}

function step(states: State[], from: number, about: Omit<Step, 'to'>): number {
  const to = addState(states);
  states[from]?.steps.push({ ...about, to });
  return to;
}

function jump(states: State[], from: number): number {
  const to = addState(states);
  states[from]?.jumps.push(to);
  return to;
}

const dashes: ReadonlySet<number> = new Set([8, 13, 18, 23]);
const isDash: Characters = (character) => character === '-';
const isHex: Characters = (character) => /^[0-9a-f]$/.test(character);
