import type { TableClient } from '@azure/data-tables';
import * as z from '../../../base/schema/schema';
import { firstProblem, PosternError } from '../../../base/errors';
import type { FinishedSweep, SweepJournal, SweepState } from '../../../review/sweep/journal';
import type { PolicyInForce } from '../../../review/sweep/open-operations';
import type { OnDemand } from '../on-demand';
import { textColumns, textFrom } from './columns';
import { findRow } from './query';

/** The row of the journal, in a partition of the table of operations that no target's key begins with. */
const place = { partitionKey: 'sweep', rowKey: 'state' } as const;

/** The journal of sweeps: one row, replaced with every sweep. */
export class TableSweepJournal implements SweepJournal {
  constructor(private readonly table: OnDemand<TableClient>) {}

  async read(): Promise<SweepState> {
    const row = await findRow(this.table, place);
    return row === undefined ? {} : stateFrom(row);
  }

  async write(state: SweepState): Promise<void> {
    const entity = { ...place, version: 1, ...textColumns('state', JSON.stringify(state)) };
    await this.table.use((client, options) => client.upsertEntity(entity, 'Replace', options));
  }
}

type Shape<T> = Record<keyof T, z.ZodMiniType>;

const instant = z.iso.datetime({ offset: true });
const count = z.int().check(z.minimum(0));

const finishedSweep: z.ZodMiniType<FinishedSweep> = z.object({
  startedAt: instant,
  finishedAt: instant,
  source: z.enum(['graph', 'lists']),
  connections: count,
  targets: count,
  asked: count,
  inHand: count,
  woken: count,
  unread: count,
} satisfies Shape<FinishedSweep>);

const policyInForce: z.ZodMiniType<PolicyInForce> = z.object({
  digest: z.string(),
  mode: z.enum(['enforce', 'audit']),
} satisfies Shape<PolicyInForce>);

const sweepState: z.ZodMiniType<SweepState> = z.object({
  last: z.optional(finishedSweep),
  policy: z.optional(policyInForce),
  expected: z.optional(z.string().check(z.maxLength(64))),
  listedAt: z.optional(instant),
  graphTroubleAt: z.optional(instant),
  hiddenTypes: z.optional(z.array(z.string().check(z.maxLength(200))).check(z.maxLength(1_000))),
} satisfies Shape<SweepState>);

function stateFrom(row: Readonly<Record<string, unknown>>): SweepState {
  try {
    if (row['version'] !== 1) throw new Error(`version ${String(row['version'])} is not known`);
    return sweepState.parse(JSON.parse(textFrom(row, 'state') ?? ''));
  } catch (error) {
    const problem = error instanceof z.ZodError ? firstProblem(error) : String(error);
    throw new PosternError('STORE_UNREADABLE', `what the last sweep left: ${problem}`, { cause: error });
  }
}
