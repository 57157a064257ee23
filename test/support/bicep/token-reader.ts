import { BicepProblem } from './syntax';
import type { Token } from './tokens';

/** Reads tokens one by one. A line end is met like any other token. */
export class TokenReader {
  private position = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.position + ahead, this.tokens.length - 1)] as Token;
  }

  take(): Token {
    const token = this.peek();
    this.position += 1;
    return token;
  }

  /** Whether the next token is this sign or name. */
  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.kind === 'sign' || token.kind === 'name') && token.text === text;
  }

  isNewline(): boolean {
    return this.peek().kind === 'newline';
  }

  /** Takes the sign or name if it is next. */
  accept(text: string): boolean {
    const found = this.is(text);
    if (found) this.position += 1;
    return found;
  }

  expect(text: string): Token {
    if (!this.is(text)) throw this.problem(`expected ${text}`);
    return this.take();
  }

  name(what: string): Token {
    if (this.peek().kind !== 'name') throw this.problem(`expected ${what}`);
    return this.take();
  }

  skipNewlines(): void {
    while (this.isNewline()) this.position += 1;
  }

  /** Whether the first token that is no line end is this one. */
  isAfterNewlines(text: string): boolean {
    let ahead = 0;
    while (this.peek(ahead).kind === 'newline') ahead += 1;
    return this.is(text, ahead);
  }

  /** After a problem: goes to the next statement. */
  skipLine(): void {
    while (!this.isNewline() && this.peek().kind !== 'end') this.position += 1;
  }

  problem(message: string): BicepProblem {
    const { kind, text, at } = this.peek();
    const found = kind === 'newline' ? 'the end of the line' : kind === 'end' ? 'the end' : text || 'a text';
    return new BicepProblem(`${message}, found ${found}`, at);
  }
}
