import { BicepProblem, type Position } from './syntax';

export interface Token {
  readonly kind: 'newline' | 'name' | 'number' | 'text' | 'sign' | 'end';
  /** As written; of a text, nothing. */
  readonly text: string;
  readonly at: Position;
  /** Of a text: what stands between the holes, unescaped. */
  readonly parts?: readonly string[];
  /** Of a text: the tokens of each hole, with an `end`. */
  readonly holes?: readonly (readonly Token[])[];
}

/** Longest first. */
const signs = ['...', '=>', '==', '=~', '!=', '!~', '<=', '>=', '&&', '||', '??', '::'];
const singles = '{}[]():,.=+-*/%!<>?|@^';
const escapes: Readonly<Record<string, string>> = { "'": "'", '\\': '\\', n: '\n', r: '\r', t: '\t', $: '$' };

/** Takes Bicep apart. Line ends are tokens, because Bicep's grammar heeds them. @throws BicepProblem */
export function tokensOf(source: string): Token[] {
  return new Lexer(source).all();
}

class Lexer {
  private offset = 0;
  private line = 1;
  private lineStart = 0;

  constructor(private readonly source: string) {}

  all(): Token[] {
    const tokens: Token[] = [];
    for (;;) {
      const token = this.next();
      tokens.push(token);
      if (token.kind === 'end') return tokens;
    }
  }

  private next(): Token {
    this.skipBlank();
    const at = this.here();
    if (this.offset >= this.source.length) return { kind: 'end', text: '', at };
    if (this.startsWith('\n')) {
      this.advance(1);
      return { kind: 'newline', text: '\n', at };
    }
    if (this.startsWith("'''")) return this.multiLineText(at);
    if (this.startsWith("'")) return this.interpolatedText(at);
    const word = this.match(/[A-Za-z_][A-Za-z0-9_]*/y) ?? '';
    if (word !== '') return { kind: 'name', text: word, at };
    const digits = this.match(/\d+/y) ?? '';
    if (digits !== '') return { kind: 'number', text: digits, at };
    const sign = signs.find((text) => this.startsWith(text)) ?? this.source.charAt(this.offset);
    if (sign.length === 1 && !singles.includes(sign)) throw this.problem(`unexpected ${sign}`);
    this.advance(sign.length);
    return { kind: 'sign', text: sign, at };
  }

  /** Spaces, comments and directives to the linter; not line ends. */
  private skipBlank(): void {
    while (this.match(/[ \t\r]+|\/\/[^\n]*|#[^\n]*|\/\*[^]*?\*\//y) !== undefined);
  }

  private multiLineText(at: Position): Token {
    const text = this.match(/'''\r?\n?([^]*?)'''(?!')/y);
    if (text === undefined) throw this.problem('a text of several lines has no end');
    return { kind: 'text', text: '', at, parts: [text.slice(3, -3).replace(/^\r?\n/, '')], holes: [] };
  }

  private interpolatedText(at: Position): Token {
    this.advance(1);
    const parts = [''];
    const holes: Token[][] = [];
    for (;;) {
      const character = this.source.charAt(this.offset);
      if (character === '' || character === '\n') throw new BicepProblem('a text has no end', at);
      if (character === "'") {
        this.advance(1);
        return { kind: 'text', text: '', at, parts, holes };
      }
      if (this.startsWith('${')) {
        holes.push(this.hole());
        parts.push('');
      } else {
        parts.push(`${parts.pop()}${this.character(character)}`);
      }
    }
  }

  private character(character: string): string {
    if (character !== '\\') {
      this.advance(1);
      return character;
    }
    const code = this.match(/\\u\{[0-9a-fA-F]+\}/y);
    if (code !== undefined) return String.fromCodePoint(parseInt(code.slice(3, -1), 16));
    const escaped = escapes[this.source.charAt(this.offset + 1)];
    if (escaped === undefined) throw this.problem('there is no such escape sequence');
    this.advance(2);
    return escaped;
  }

  private hole(): Token[] {
    const start = this.here();
    this.advance(2);
    const tokens: Token[] = [];
    for (let depth = 1; ;) {
      const token = this.next();
      if (token.kind === 'newline' || token.kind === 'end')
        throw new BicepProblem('an interpolation has no end on its line', start);
      if (token.kind === 'sign' && token.text === '{') depth += 1;
      if (token.kind === 'sign' && token.text === '}') depth -= 1;
      if (depth === 0) return [...tokens, { kind: 'end', text: '', at: token.at }];
      tokens.push(token);
    }
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    const [text] = pattern.exec(this.source) ?? [];
    if (text === undefined || text === '') return undefined;
    this.advance(text.length);
    return text;
  }

  private startsWith(text: string): boolean {
    return this.source.startsWith(text, this.offset);
  }

  private advance(count: number): void {
    for (const end = this.offset + count; this.offset < end; this.offset += 1) {
      if (this.source.charAt(this.offset) !== '\n') continue;
      this.line += 1;
      this.lineStart = this.offset + 1;
    }
  }

  private here(): Position {
    return { line: this.line, column: this.offset - this.lineStart + 1 };
  }

  private problem(message: string): BicepProblem {
    return new BicepProblem(message, this.here());
  }
}
