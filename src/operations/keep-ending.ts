import type { End } from './end-operation';
import type { Sighting } from './operation';
import type { OperationStore } from './operation-store';

/**
 * Makes a bad end durable before it is told. Killed between its record and its row, an operation would else be looked at
 * again, or even be sent again, and end well, while the ledger says for ever that it failed. The good ends were read from
 * Azure, and stay true. Resolves to the row as stored. @throws PosternError STORE_CONFLICT
 */
export async function keepEnding(
  { operations }: { readonly operations: OperationStore },
  sighting: Sighting,
  end: End,
): Promise<Sighting> {
  const { operation } = sighting;
  if (operation === undefined || operation.ending !== undefined || !badEnds.has(end.state)) return sighting;
  const ending = { ...sighting, operation: { ...operation, ending: end } };
  const [kept] = await operations.save(sighting.connection.target, [ending]);
  return kept ?? ending;
}

const badEnds: ReadonlySet<End['state']> = new Set<End['state']>(['failed', 'expired', 'abandoned']);
