import { sanitize } from '../../../base/text';
import type { Answer, ChangeExample } from '../simulation';
import type { Plan, PlanRow, PlanRows } from './plan';

/** What a plan for a pull request shows besides the plan itself. */
export interface MarkdownParts {
  /** Plain lines above the tables. */
  readonly heading: readonly string[];
  readonly examples: readonly ChangeExample[];
  /** Plain lines below: what could not be read. */
  readonly notes: readonly string[];
}

/**
 * Formats a plan as Markdown for a comment on a pull request. Names and messages come from anyone, so all of them are
 * code, with each sign spelled as a character reference: none becomes a link, a mention, markup or a table's edge.
 */
export function planMarkdown({ totals, byRule, byTarget }: Plan, parts: MarkdownParts): readonly string[] {
  const hasNow = totals.some(({ now }) => now !== undefined);
  const { examples } = parts;
  return [
    '### Policy plan',
    '',
    ...parts.heading.flatMap((line) => [
      line.startsWith(' ') ? `- ${codeOf(line.trim())}` : textOf(line),
      '',
    ]),
    hasNow ? '| effect | now | connections |' : '| effect | connections |',
    hasNow ? '| --- | ---: | ---: |' : '| --- | ---: |',
    ...totals.map(
      (row) => `| ${effectOf(row)} | ${row.now === undefined ? '' : `${row.now} | `}${row.connections} |`,
    ),
    ...section('rule', byRule),
    ...section('target', byTarget),
    ...(examples.length === 0
      ? []
      : ['', '<details>', `<summary>First changes: ${examples.length}</summary>`, '']),
    ...examples.flatMap(exampleLines),
    ...(examples.length === 0 ? [] : ['', '</details>']),
    ...(parts.notes.length === 0 ? [] : ['', ...parts.notes.map((note) => `- ${codeOf(note)}`)]),
  ];
}

function effectOf({ sign, effect }: PlanRow): string {
  return `\`${sign === ' ' ? '' : `${sign} `}${effect}\``;
}

function section(what: string, { rows, others }: PlanRows): string[] {
  if (rows.length === 0) return [];
  return [
    '',
    `| effect | ${what} | connections |`,
    '| --- | --- | ---: |',
    ...rows.map((row) => `| ${effectOf(row)} | ${codeOf(row.by)} | ${row.connections} |`),
    ...(others === 0 ? [] : [`| | others | ${others} |`]),
  ];
}

function exampleLines({ connection, present, candidate }: ChangeExample): string[] {
  const answer = ({ effect, reason }: Answer): string => `${effect}: ${codeOf(reason)}`;
  return [
    `- ${codeOf(connection)}`,
    `  - current: ${answer(present)}`,
    `  - candidate: ${answer(candidate)}`,
  ];
}

/** Formats any text as code in which nothing is markup. */
function codeOf(text: string): string {
  return `<code>${referencesIn(sanitize(text, 300), /(?<=www)\.|[^A-Za-z0-9 /.,-]/giu)}</code>`;
}

/** Formats a line of ours as text. */
function textOf(text: string): string {
  return referencesIn(sanitize(text), /[^A-Za-z0-9 .:;,→-]/gu);
}

function referencesIn(text: string, signs: RegExp): string {
  return text.replace(signs, (sign) => `&#${sign.codePointAt(0) ?? 0};`);
}
