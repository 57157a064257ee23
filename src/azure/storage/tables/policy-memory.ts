import type { TableClient } from '@azure/data-tables';
import type { PolicyMemory } from '../../../review/policy-in-force';
import type { OnDemand } from '../on-demand';
import { findRow } from './query';

/** The row of the memory, beside the one of the journal of sweeps. */
const place = { partitionKey: 'sweep', rowKey: 'policy' } as const;

/** The version of the policy that was adopted last: one row, replaced with every version. */
export class TablePolicyMemory implements PolicyMemory {
  constructor(private readonly table: OnDemand<TableClient>) {}

  async read(): Promise<string | undefined> {
    const digest = (await findRow(this.table, place))?.['digest'];
    return typeof digest === 'string' ? digest : undefined;
  }

  async write(digest: string): Promise<void> {
    await this.table.use((client, options) =>
      client.upsertEntity({ ...place, version: 1, digest }, 'Replace', options),
    );
  }
}
