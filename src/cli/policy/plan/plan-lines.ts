import { counted, shortened, table } from '../../output';
import type { Plan, PlanRow, PlanRows } from './plan';
import { shortTarget } from './short-target';

/** The widest middle column, so that a row has at most 80 characters. */
const widest = 52;

/** Formats a plan as lines of at most 80 characters. */
export function planLines({ totals, byRule, byTarget }: Plan): readonly string[] {
  const hasNow = totals.some(({ now }) => now !== undefined);
  const heading = ['effect', ...(hasNow ? ['now'] : []), 'connections'];
  const rows = totals.map((row) => [
    effectOf(row),
    ...(row.now === undefined ? [] : [row.now]),
    row.connections,
  ]);
  return [
    ...table([heading, ...rows]),
    ...section('rule', byRule, ({ by }) => by),
    ...section('target', byTarget, ({ by }) => shortTarget(by)),
  ];
}

function effectOf({ sign, effect }: PlanRow): string {
  return `${sign} ${effect}`;
}

function section(what: string, { rows, others }: PlanRows, nameOf: (row: PlanRow) => string): string[] {
  if (rows.length === 0) return [];
  const shown = rows.map((row) => [effectOf(row), shortened(nameOf(row), widest), row.connections]);
  const rest = others === 0 ? [] : [['', 'others', others]];
  return ['', ...table([['effect', what, 'connections'], ...shown, ...rest])];
}

/** Says how many of the connections would change. */
export function planHeading(seen: number, changed: number): string {
  return `${counted(seen, 'connection')}, ${changed} would change`;
}
