import { isNode, LineCounter } from 'yaml';
import type { PolicyFile, PolicyProblem } from '../policy';

/** A range of a file's text: offset and length in UTF-16 units. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** A policy file's text that knows its lines. */
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

  /** A problem at `place`, kept inside the text and on the line on which it begins. */
  problem(place: Place, message: string): PolicyProblem {
    const offset = Math.min(Math.max(place.offset, 0), this.text.length);
    const { line, col } = this.lineCounter.linePos(offset);
    const end = this.text.indexOf('\n', offset);
    const room = (end === -1 ? this.text.length : end) - offset;
    const length = Math.max(1, Math.min(place.length, room));
    return { path: this.path, line, column: col, length, message };
  }
}

/** The place of a YAML node, without the blanks and comments behind it; the file's start for a node that has none. */
export function placeOf(node: unknown): Place {
  const [start, end] = isNode(node) && node.range ? node.range : [0, 1];
  return { offset: start, length: Math.max(1, end - start) };
}
