import {
  anyCharacter,
  anyText,
  type Characters,
  either,
  many,
  nothing,
  one,
  row,
  type Shape,
  textShape,
} from './text-shape';

/**
 * Returns the texts in which an RE2 regular expression is found, with letters in lower case. May
 * include more texts: unsupported syntax matches any text.
 */
export function regexShape(pattern: string): Shape {
  try {
    const reader = new RegexReader(pattern.replace(/^\(\?[is]+\)/, ''));
    const branches = reader.branches();
    return reader.isAtEnd() ? either(...branches.map(found)) : anyText;
  } catch (error) {
    if (error instanceof NotUnderstood) return anyText;
    throw error;
  }
}

class NotUnderstood extends Error {}

type Part = Shape | 'begin' | 'end';

/**
 * Returns the texts that contain a branch. Any text may precede or follow it unless `^` or `$`
 * anchors it.
 */
function found(parts: readonly Part[]): Shape {
  const inner = parts.slice();
  const begins = inner[0] === 'begin';
  if (begins) inner.shift();
  const ends = inner.at(-1) === 'end';
  if (ends) inner.pop();
  const shapes = inner.map((part) => {
    if (typeof part === 'string') throw new NotUnderstood();
    return part;
  });
  return row(...(begins ? [] : [anyText]), ...shapes, ...(ends ? [] : [anyText]));
}

const maxRepeats = 64;

class RegexReader {
  private at = 0;

  constructor(private readonly pattern: string) {}

  isAtEnd(): boolean {
    return this.at >= this.pattern.length;
  }

  /** Reads the alternatives up to the end or a closing parenthesis. */
  branches(): readonly (readonly Part[])[] {
    const all: Part[][] = [[]];
    for (; !this.isAtEnd() && this.pattern[this.at] !== ')';) {
      if (this.take('|')) all.push([]);
      else all.at(-1)?.push(this.repeated(this.atom()));
    }
    return all;
  }

  private take(text: string): boolean {
    if (!this.pattern.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private atom(): Part {
    const character = this.pattern[this.at] ?? '';
    if (character === '^' || this.pattern.startsWith('\\A', this.at))
      return this.skip(character === '^' ? 1 : 2, 'begin');
    if (character === '$' || this.pattern.startsWith('\\z', this.at))
      return this.skip(character === '$' ? 1 : 2, 'end');
    if (character === '.') return this.skip(1, one(anyCharacter));
    if (character === '(') return this.group();
    if (character === '[') return this.characterClass();
    if (character === '\\') return this.escape();
    if ('*+?{'.includes(character)) throw new NotUnderstood();
    return this.skip(1, textShape(character.toLowerCase()));
  }

  private skip<Value>(length: number, value: Value): Value {
    this.at += length;
    return value;
  }

  private group(): Part {
    const [opening] = /^\((?:\?:|\?P?<\w+>)?(?!\?)/.exec(this.pattern.slice(this.at)) ?? [];
    if (opening === undefined) throw new NotUnderstood();
    this.at += opening.length;
    const branches = this.branches();
    if (!this.take(')')) throw new NotUnderstood();
    const shapes = branches.map((parts) => {
      if (parts.some((part) => typeof part === 'string')) throw new NotUnderstood();
      return row(...(parts as readonly Shape[]));
    });
    return either(...shapes);
  }

  private characterClass(): Shape {
    const [text] = /^\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]/.exec(this.pattern.slice(this.at)) ?? [];
    if (text === undefined) throw new NotUnderstood();
    return this.skip(text.length, one(charactersOf(text)));
  }

  private escape(): Shape {
    const [whole, sign = ''] = /^\\(p\{\^?\w+\}|[^])/iu.exec(this.pattern.slice(this.at)) ?? [];
    if (whole === undefined || /^[bBQExCGZz0-9]$/.test(sign)) throw new NotUnderstood();
    if (/^[dDwWsS]$|^p/i.test(sign)) return this.skip(whole.length, one(charactersOf(whole)));
    const named: Readonly<Record<string, string>> = {
      n: '\n',
      t: '\t',
      r: '\r',
      f: '\f',
      v: '\v',
      a: '\u0007',
    };
    return this.skip(whole.length, textShape(named[sign] ?? sign.toLowerCase()));
  }

  private repeated(part: Part): Part {
    const [whole, sign = '', least = '', comma = '', most = ''] =
      /^([*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.pattern.slice(this.at)) ?? [];
    if (whole === undefined) return part;
    if (typeof part === 'string') throw new NotUnderstood();
    this.at += whole.length;
    if (sign === '*') return many(part, 0);
    if (sign === '+') return many(part, 1);
    if (sign === '?') return either(nothing, part);
    return counted(
      part,
      Number(least),
      comma === '' ? Number(least) : most === '' ? undefined : Number(most),
    );
  }
}

function counted(part: Shape, least: number, most: number | undefined): Shape {
  if ((most ?? least) > maxRepeats) return many(part, 0);
  const must = Array.from({ length: least }, () => part);
  const may = Array.from({ length: (most ?? least) - least }, () => either(nothing, part));
  return row(...must, ...may, ...(most === undefined ? [many(part, 0)] : []));
}

/**
 * Interprets a class as JavaScript does, without case. One that JavaScript refuses includes every
 * character.
 */
function charactersOf(text: string): Characters {
  try {
    const regex = new RegExp(`^${text}$`, 'iu');
    return (character) => regex.test(character);
  } catch {
    return anyCharacter;
  }
}
