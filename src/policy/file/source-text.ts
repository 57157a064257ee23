import { isNode, LineCounter, type Scalar } from 'yaml';
import type { PolicyFile, PolicyProblem } from '../policy';

/** A range of a file's text. Offset and length are in UTF-16 units. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** The text of a policy file, with its lines. */
export class SourceText {
  readonly path: string;
  readonly text: string;
  private readonly lineCounter = new LineCounter();

  constructor(file: PolicyFile) {
    this.path = file.path;
    this.text = file.text;
    this.lineCounter.addNewLine(0);
    for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) {
      this.lineCounter.addNewLine(at + 1);
    }
  }

  /** Creates a problem at `place`, clipped to the text and to the line on which it starts. */
  problem(place: Place, message: string): PolicyProblem {
    const offset = Math.min(Math.max(place.offset, 0), this.text.length);
    const { line, col } = this.lineCounter.linePos(offset);
    const end = this.text.indexOf('\n', offset);
    const room = (end === -1 ? this.text.length : end) - offset;
    const length = Math.max(1, Math.min(place.length, room));
    return { path: this.path, line, column: col, length, message };
  }
}

/**
 * Returns the place of a YAML node, without trailing spaces and comments. The start of the file if
 * the node has no place.
 */
export function placeOf(node: unknown): Place {
  const [start, end] = isNode(node) && node.range ? node.range : [0, 1];
  return { offset: start, length: Math.max(1, end - start) };
}

/**
 * Maps offsets in the value of a YAML scalar to offsets in the file. Exact for every character that
 * is not white space, in all scalar styles, because YAML folding changes only white space. White
 * space maps to the place after the character before it. If the two texts do not align, everything
 * maps to the whole scalar.
 */
export class ScalarOffsets {
  private readonly whole: Place;
  private readonly offsets: readonly number[] | undefined;

  constructor(source: SourceText, scalar: Scalar<string>) {
    const [start, end] = scalar.range ?? [0, 0];
    this.whole = { offset: start, length: Math.max(1, end - start) };
    this.offsets = align(source.text.slice(0, end), start, scalar);
  }

  /** Returns the place of a range. `start` and `end` are offsets into the scalar's value. */
  place(start: number, end: number): Place {
    const { offsets, whole } = this;
    if (offsets === undefined) return whole;
    const last = offsets.length - 1;
    const from = offsets[Math.min(Math.max(start, 0), last)] ?? whole.offset;
    if (end <= start) return { offset: from, length: 1 };
    const to = (offsets[Math.min(end - 1, last)] ?? from) + 1;
    return { offset: from, length: Math.max(1, to - from) };
  }
}

/** Returns an offset for each UTF-16 unit of the value, and one for its end. */
function align(text: string, start: number, scalar: Scalar<string>): readonly number[] | undefined {
  let at = contentStart(text, start, scalar);
  const offsets: number[] = [];
  let unit = 0;
  while (unit < scalar.value.length) {
    const wanted = scalar.value[unit] ?? '';
    if (isSpace(wanted)) {
      offsets.push(at);
      unit++;
      continue;
    }
    let token = read(text, at, scalar);
    while (token !== undefined && isSpace(token.value)) {
      at += token.length;
      token = read(text, at, scalar);
    }
    if (token === undefined || !scalar.value.startsWith(token.value, unit)) return undefined;
    for (let i = 0; i < token.value.length; i++) offsets.push(at);
    unit += token.value.length;
    at += token.length;
  }
  offsets.push(at);
  return offsets;
}

/** Returns the offset after the opening quote, or after the header line of a block. */
function contentStart(text: string, start: number, scalar: Scalar<string>): number {
  switch (scalar.type) {
    case 'QUOTE_DOUBLE':
    case 'QUOTE_SINGLE':
      return start + 1;
    case 'BLOCK_FOLDED':
    case 'BLOCK_LITERAL': {
      const newline = text.indexOf('\n', start);
      return newline === -1 ? text.length : newline + 1;
    }
    default:
      return start;
  }
}

interface Token {
  /** The text that the source stands for. A continued line counts as a space. */
  readonly value: string;
  /** Number of source characters. */
  readonly length: number;
}

const escapeWidths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function read(text: string, at: number, scalar: Scalar<string>): Token | undefined {
  const character = text[at];
  if (character === undefined) return undefined;
  if (scalar.type === 'QUOTE_SINGLE' && text.startsWith("''", at)) return { value: "'", length: 2 };
  if (scalar.type !== 'QUOTE_DOUBLE' || character !== '\\') return { value: character, length: 1 };
  const escape = text[at + 1] ?? '';
  const width = escapeWidths[escape];
  if (width === undefined) {
    return { value: '"\\/'.includes(escape) && escape !== '' ? escape : ' ', length: 2 };
  }
  const code = Number.parseInt(text.slice(at + 2, at + 2 + width), 16);
  const value = code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
  return { value, length: 2 + width };
}

function isSpace(character: string): boolean {
  return /^\s$/.test(character);
}
