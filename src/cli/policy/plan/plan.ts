import type { BoundedTally, Simulation } from '../simulation';

/** The effects in the order of a plan, with the sign that marks each. `none`: no rule applies to the status. */
const signs = { approve: '+', hold: '~', reject: '-', delete: '-', none: ' ' } as const;

const effects = Object.keys(signs) as readonly PlanEffect[];

type PlanEffect = keyof typeof signs;

/** One row of a plan: how many connections get an effect. */
export interface PlanRow {
  readonly sign: string;
  readonly effect: PlanEffect;
  /** The rules or the target; `''` in the totals. */
  readonly by: string;
  readonly connections: number;
}

/** The total of one effect, under both policies. */
export interface TotalRow extends PlanRow {
  /** How many the current policy gives it to; absent if there is none. */
  readonly now?: number | undefined;
}

/** A plan: what a policy would do with each kind of connection. */
export interface Plan {
  readonly totals: readonly TotalRow[];
  readonly byRule: PlanRows;
  readonly byTarget: PlanRows;
}

/** The rows with the most connections, and how many the other rows have together. */
export interface PlanRows {
  readonly rows: readonly PlanRow[];
  readonly others: number;
}

/** The most rows of one table of a plan. */
export const mostRows = 25;

/**
 * Makes a plan of a simulation. Effects that no connection gets are left out of the totals, except approve and hold. Pure.
 *
 * @param hasPresent whether there is a current policy
 */
export function planOf({ totals, plan }: Simulation, hasPresent: boolean): Plan {
  const now = new Map(totals.present.entries());
  const candidate = new Map(totals.candidate.entries());
  const all = effects.map((effect): TotalRow => {
    const row = { sign: signs[effect], effect, by: '', connections: candidate.get(effect) ?? 0 };
    return hasPresent ? { ...row, now: now.get(effect) ?? 0 } : row;
  });
  return {
    totals: all.filter(
      ({ effect, connections, now: before = 0 }) =>
        effect === 'approve' || effect === 'hold' || connections + before > 0,
    ),
    byRule: rowsOf(plan.byRule),
    byTarget: rowsOf(plan.byTarget),
  };
}

function rowsOf(tally: BoundedTally): PlanRows {
  const rows = tally.entries().map(([key, connections]): PlanRow => {
    const at = key.indexOf('\n');
    const effect = effects.find((each) => each === key.slice(0, at)) ?? 'none';
    return { sign: signs[effect], effect, by: key.slice(at + 1), connections };
  });
  const rest = rows.slice(mostRows).reduce((sum, { connections }) => sum + connections, tally.others);
  return { rows: rows.slice(0, mostRows), others: rest };
}
