import { ArmError, describeError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import { isInGraph } from '../../connections/chosen-types';
import { hasStatus } from '../../connections/connection';
import type { ConnectionStore } from '../../connections/connection-store';
import type { TargetId } from '../../connections/resource-id';
import type { TargetType } from '../../connections/target-type';
import type { ConnectionFinder } from './connection-finder';

/** Some targets of each type. */
export type Samples = ReadonlyMap<TargetType, readonly TargetId[]>;

/** The number of targets of a type to look at: enough to meet a connection, few enough to cost little. */
const samplesPerType = 5;

/** Collects the first targets of each type among those that a search finds. */
export function createSamples(): { note(target: TargetId): void; byType(): Samples } {
  const samples = new Map<TargetType, TargetId[]>();
  return {
    note(target) {
      const known = samples.get(target.type) ?? [];
      if (known.length < samplesPerType && known.at(-1)?.key !== target.key)
        samples.set(target.type, [...known, target]);
    },
    byType: () => samples,
  };
}

/** The ports of `findHiddenTypes`. */
export interface HiddenTypesPorts {
  readonly graph: ConnectionFinder;
  readonly connections: Pick<ConnectionStore, 'list'>;
  readonly subscriptions: readonly string[];
  readonly logger: Logger;
}

/**
 * Finds the types of which Resource Graph shows no connection although a target has one. A request of
 * the last minutes can make it appear so, because Resource Graph lags: that type is then listed for a
 * day, which costs reads and loses nothing.
 * @returns `undefined` if Resource Graph did not answer.
 */
export async function findHiddenTypes(
  ports: HiddenTypesPorts,
  { statuses }: { readonly statuses: readonly string[] },
  samples: Samples,
): Promise<readonly TargetType[] | undefined> {
  const unseen = new Map([...samples].filter(([type]) => isInGraph(type)));
  if (unseen.size === 0) return [];
  const { subscriptions } = ports;
  try {
    for await (const { targetId } of ports.graph.find({ subscriptions, types: [...unseen.keys()], statuses }))
      unseen.delete(targetId.type);
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    ports.logger.warn(`Resource Graph was not compared with the lists. ${describeError(error)}`);
    return undefined;
  }
  const hidden: TargetType[] = [];
  for (const [type, targets] of unseen) if (await hasConnection(ports, targets, statuses)) hidden.push(type);
  if (hidden.length > 0) ports.logger.warn(`Resource Graph hides the connections of ${hidden.join(', ')}`);
  return hidden;
}

async function hasConnection(
  { connections }: HiddenTypesPorts,
  targets: readonly TargetId[],
  statuses: readonly string[],
): Promise<boolean> {
  for (const target of targets) {
    const listing = await orNothing(() => connections.list(target));
    const found = listing?.connections.some((each) => statuses.some((status) => hasStatus(each, status)));
    if (found === true) return true;
  }
  return false;
}

/** A target that cannot be read says nothing here: its review reports it. */
async function orNothing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ArmError) return undefined;
    throw error;
  }
}
