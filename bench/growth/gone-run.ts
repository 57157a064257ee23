import { connectionIdOf, parseTargetId, type TargetId } from '../../src/connections/resource-id';
import { systemClock } from '../../src/base/clock';
import { goneStatus, type ConnectionState } from '../../src/operations/operation';
import { askForReview } from '../../src/review/queue/review-request';
import { plantTarget } from '../system/plant';
import { until } from '../system/until';
import { startMeteredSystem, type MeteredSystem } from './metered-system';
import { costOf, hasEnded, removedRows, type ReviewCost } from './review-cost';

export interface GoneFigures {
  /** Nothing ever came to this target but the one connection that each of them has. */
  readonly untouched: ReviewCost;
  readonly cameAndWent: CameAndWent;
  readonly leftBehind: LeftBehind;
}

export interface CameAndWent {
  readonly connections: number;
  /** Rows of what is gone, when all had gone. */
  readonly rowsLeft: number;
  /** What is remembered instead of them: the generation of whatever comes next. */
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
  /** As an app that forgot nothing left them. */
  readonly rows: number;
  readonly say: (line: string) => void;
}

/** Three targets with one connection each that is held, and with what came before it. All names are equally long. */
export async function runGone(order: GoneOrder): Promise<GoneFigures> {
  const system = await startMeteredSystem({ root: order.root, pollFloorSeconds: 1 });
  try {
    const [none, came, left] = [
      await plantHeld(system, 'grow-none'),
      await plantHeld(system, 'grow-came'),
      await plantHeld(system, 'grow-left'),
    ];
    const untouched = await settledCost(system, none);
    const cameAndWent = await comeAndGo(system, came, order);
    order.say(`${order.rows} rows are planted`);
    return { untouched, cameAndWent, leftBehind: await forget(system, left, order) };
  } finally {
    await system.close();
  }
}

async function plantHeld(system: MeteredSystem, name: string): Promise<TargetId> {
  const id = await plantTarget(system.azure, { type: 'Microsoft.KeyVault/vaults', name });
  plantStranger(system, id, 'stays');
  return parseTargetId(id);
}

/** From a network that no rule knows: it waits for a person. Returns its id. */
function plantStranger({ azure }: MeteredSystem, targetId: string, connectionName: string): string {
  return azure.control.plant({
    targetId,
    connectionName,
    status: 'Pending',
    description: 'please',
    ageSeconds: 0,
  });
}

/** Each wave is seen, goes, and is proven to be gone before the next one comes. */
async function comeAndGo(
  system: MeteredSystem,
  target: TargetId,
  { waves, perWave, say }: GoneOrder,
): Promise<CameAndWent> {
  for (let wave = 1; wave <= waves; wave += 1) {
    say(`wave ${wave} of ${waves}: ${perWave} connections come and go`);
    const ids = Array.from({ length: perWave }, (_, index) =>
      plantStranger(system, target.id, `comes-${wave}-${index}`),
    );
    await ask(system, target);
    await until('the wave is known', 60, async () => (await rowsOf(system, target)).length > perWave);
    ids.forEach((id) => system.azure.control.vanish(id));
    await ask(system, target);
    await until('the wave is forgotten', 60, async () => (await goneFrom(system, target)) === 0);
  }
  return { connections: waves * perWave, ...(await whatIsLeft(system, target)) };
}

async function forget(
  system: MeteredSystem,
  target: TargetId,
  { rows, say }: GoneOrder,
): Promise<LeftBehind> {
  await system.ports.operationStore.save(
    target,
    Array.from({ length: rows }, (_, index) => goneRow(target, index)),
  );
  await system.atRest();
  const first = await costOfReview(system, target);
  let reviews = 0;
  // Whether any were removed is told by the requests: loading what is left would take longer than the reviews.
  while (removedRows(system.recording.requests) > 0) {
    reviews += 1;
    if (reviews % 5 === 0) say(`${reviews} reviews have forgotten some`);
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

/** What the next review costs once nothing is left to do, and all that is read once only has been read. */
async function settledCost(system: MeteredSystem, target: TargetId): Promise<ReviewCost> {
  await ask(system, target);
  await system.atRest();
  return costOfReview(system, target);
}

/** Begins at rest: what is counted is the one review. */
async function costOfReview(system: MeteredSystem, target: TargetId): Promise<ReviewCost> {
  const { recording, azure } = system;
  recording.requests.splice(0);
  azure.requests.clear();
  await ask(system, target);
  await until('the review ends', 120, () => hasEnded(recording.requests), 20);
  return costOf(recording.requests, azure.requests.records);
}

/** As a sweep asks. */
async function ask({ ports }: MeteredSystem, target: TargetId): Promise<void> {
  const options = { reviews: ports.reviewQueue, clock: systemClock };
  await askForReview(options, { target, because: 'sweep', origin: 'sweep', traceId: undefined });
}

async function rowsOf({ ports }: MeteredSystem, target: TargetId): Promise<readonly ConnectionState[]> {
  return (await ports.operationStore.load(target)).connectionStates;
}

/** Rows of what is not there: all but the one that stays. */
async function goneFrom(system: MeteredSystem, target: TargetId): Promise<number> {
  return (await rowsOf(system, target)).filter(({ connection }) => !/stays/.test(connection.name)).length;
}
