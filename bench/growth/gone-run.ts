import { connectionIdOf, parseTargetId, type TargetId } from '../../src/connections/resource-id';
import { systemClock } from '../../src/base/clock';
import { goneStatus, type ConnectionState } from '../../src/operations/operation';
import { askForReview } from '../../src/review/queue/review-request';
import { seedTarget } from '../system/seed';
import { until } from '../../dev/lib/until';
import { startMeteredSystem, type MeteredSystem } from '../system/metered-system';
import { costOf, hasEnded, removedRows, type ReviewCost } from './review-cost';

export interface GoneFigures {
  /** The cost on a target that never had more than its one connection. */
  readonly untouched: ReviewCost;
  readonly cameAndWent: CameAndWent;
  readonly leftBehind: LeftBehind;
}

export interface CameAndWent {
  readonly connections: number;
  /** Rows of connections that are gone, at the end. */
  readonly rowsLeft: number;
  /** The value that replaces those rows: the generation of the next connection. */
  readonly nextGeneration: number;
  readonly after: ReviewCost;
}

export interface LeftBehind {
  readonly rows: number;
  readonly reviewsUntilForgotten: number;
  readonly rowsLeft: number;
  readonly nextGeneration: number;
  readonly first: ReviewCost;
  readonly after: ReviewCost;
}

export interface GoneOrder {
  readonly root: string;
  readonly waves: number;
  readonly perWave: number;
  /** The number of rows that an app without clean-up would leave. */
  readonly rows: number;
  readonly log: (line: string) => void;
}

/**
 * Compares three targets with one held connection each and different histories. All names have the same
 * length.
 */
export async function runGone(order: GoneOrder): Promise<GoneFigures> {
  const system = await startMeteredSystem({ root: order.root, pollFloorSeconds: 1 });
  try {
    const [none, came, left] = [
      await seedHeld(system, 'grow-none'),
      await seedHeld(system, 'grow-came'),
      await seedHeld(system, 'grow-left'),
    ];
    const untouched = await settledCost(system, none);
    const cameAndWent = await comeAndGo(system, came, order);
    order.log(`${order.rows} rows are stored`);
    return { untouched, cameAndWent, leftBehind: await forget(system, left, order) };
  } finally {
    await system.close();
  }
}

async function seedHeld(system: MeteredSystem, name: string): Promise<TargetId> {
  const id = await seedTarget(system.azure, { type: 'Microsoft.KeyVault/vaults', name });
  seedStranger(system, id, 'stays');
  return parseTargetId(id);
}

/** Adds a connection from a network that no rule names, so it waits for a person. Returns its id. */
function seedStranger({ azure }: MeteredSystem, targetId: string, connectionName: string): string {
  return azure.control.seed({
    targetId,
    connectionName,
    status: 'Pending',
    description: 'please',
    ageSeconds: 0,
  });
}

/**
 * Creates and removes connections in waves. Each wave is recorded, removed and proven to be gone before the
 * next one.
 */
async function comeAndGo(
  system: MeteredSystem,
  target: TargetId,
  { waves, perWave, log }: GoneOrder,
): Promise<CameAndWent> {
  for (let wave = 1; wave <= waves; wave += 1) {
    log(`wave ${wave} of ${waves}: ${perWave} connections come and go`);
    const ids = Array.from({ length: perWave }, (_, index) =>
      seedStranger(system, target.id, `comes-${wave}-${index}`),
    );
    await requestReview(system, target);
    await until('the wave is recorded', async () => (await rowsOf(system, target)).length > perWave);
    ids.forEach((id) => system.azure.control.removeSilently(id));
    await requestReview(system, target);
    await until('the rows of the wave are removed', async () => (await goneFrom(system, target)) === 0);
  }
  return { connections: waves * perWave, ...(await whatIsLeft(system, target)) };
}

async function forget(
  system: MeteredSystem,
  target: TargetId,
  { rows, log }: GoneOrder,
): Promise<LeftBehind> {
  await system.ports.operationStore.save(
    target,
    Array.from({ length: rows }, (_, index) => goneRow(target, index)),
  );
  await system.atRest();
  const first = await costOfReview(system, target);
  let reviews = 0;
  // The requests show whether rows were removed. Loading the remaining rows would take longer than the
  // reviews.
  while (removedRows(system.recording.requests) > 0) {
    reviews += 1;
    if (reviews % 5 === 0) log(`${reviews} reviews have removed rows`);
    await costOfReview(system, target);
  }
  return { rows, reviewsUntilForgotten: reviews, first, ...(await whatIsLeft(system, target)) };
}

async function whatIsLeft(
  system: MeteredSystem,
  target: TargetId,
): Promise<Pick<LeftBehind, 'after' | 'rowsLeft' | 'nextGeneration'>> {
  const after = await settledCost(system, target);
  const { nextGeneration } = await system.ports.operationStore.load(target);
  return { after, rowsLeft: await goneFrom(system, target), nextGeneration };
}

function goneRow(target: TargetId, index: number): ConnectionState {
  return {
    connection: connectionIdOf(target, `was-here-${index}`),
    endpointKey: `/subscriptions/99999999-9999-4999-8999-999999999999/resourcegroups/gone/providers/microsoft.network/privateendpoints/was-here-${index}`,
    status: goneStatus,
    generation: 1,
    firstSeen: '2026-01-05T12:00:00.000Z',
  };
}

/** Returns the cost of the next review when nothing is left to do and one-time reads are done. */
async function settledCost(system: MeteredSystem, target: TargetId): Promise<ReviewCost> {
  await requestReview(system, target);
  await system.atRest();
  return costOfReview(system, target);
}

/** Returns the cost of one review. The app is idle before it. */
async function costOfReview(system: MeteredSystem, target: TargetId): Promise<ReviewCost> {
  const { recording, azure } = system;
  recording.requests.splice(0);
  azure.requests.clear();
  await requestReview(system, target);
  await until('the review ends', () => hasEnded(recording.requests), { everyMs: 20 });
  return costOf(recording.requests, azure.requests.records);
}

/** Requests a review as a sweep does. */
async function requestReview({ ports }: MeteredSystem, target: TargetId): Promise<void> {
  const options = { reviews: ports.reviewQueue, clock: systemClock };
  await askForReview(options, { target, because: 'sweep', origin: 'sweep', traceId: undefined });
}

async function rowsOf({ ports }: MeteredSystem, target: TargetId): Promise<readonly ConnectionState[]> {
  return (await ports.operationStore.load(target)).connectionStates;
}

/** Returns the number of rows for connections that are gone. */
async function goneFrom(system: MeteredSystem, target: TargetId): Promise<number> {
  return (await rowsOf(system, target)).filter(({ connection }) => !/stays/.test(connection.name)).length;
}
