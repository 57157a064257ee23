import { isMet, type Goal, type PartReport } from './part';
import { figure, tableText } from './table';

/** The result of `npm run bench`, and the shape of its JSON. */
export interface Report {
  readonly machine: string;
  /** ISO 8601. */
  readonly measuredAt: string;
  readonly runs: number;
  readonly quick: boolean;
  /**
   * The average number of processes that wanted a processor in the minute before the start. On a quiet
   * machine it is below one.
   */
  readonly load: number;
  readonly parts: readonly PartReport[];
}

/** Formats one part for people, with its circumstances. */
export function partText(report: Report, part: PartReport): string {
  const { machine, measuredAt, load } = report;
  const runs = part.runs ?? report.runs;
  const quick = report.quick ? '; **a quick run: ignore the figures**' : '';
  const about = `${part.about} ${machine}; ${measuredAt.slice(0, 10)}; medians of ${runs} ${runs === 1 ? 'run' : 'runs'}; load before ${figure(load, 1)}${quick}.`;
  const tables = part.tables.map(tableText);
  const goals = part.goals.map((goal) => `- ${goalText(goal)}`).join('\n');
  return [about, ...tables, goals].filter((text) => text !== '').join('\n\n');
}

function goalText(goal: Goal): string {
  const { what, wanted, limit, measured } = goal;
  return `${what}: **${plain(measured)}**, wanted ${wanted} ${plain(limit)}: ${isMet(goal) ? 'met' : 'MISSED'}`;
}

function plain(number: number): string {
  return figure(number, Math.abs(number) < 10 ? 2 : 0);
}
