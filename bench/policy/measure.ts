import { createHash } from 'node:crypto';
import type { Answer, Engine } from './engine';
import { loadCedar } from './cedar-engine';
import { loadJsonRules } from './json-rules-engine';
import { randomFacts } from './random-facts';

/** The name of an engine. */
export type EngineName = 'postern' | 'cedar' | 'json-rules';

/** The result of measuring one engine. */
export interface Measurement {
  readonly engine: EngineName;
  /** Decisions per second in the best and the median of the rounds. */
  readonly best: number;
  readonly median: number;
  /** Decisions per second of processor time of all threads. Other programs hardly affect it. */
  readonly perProcessorSecond: number;
  /** Milliseconds to load modules and policy. */
  readonly load: number;
  /**
   * Memory in use after loading and deciding, in MiB: JavaScript's heap, and all memory of the
   * process.
   */
  readonly heap: number;
  readonly resident: number;
  /** The digest of all answers. Engines that agree have the same. */
  readonly digest: string;
}

/** The number of different connections. */
export const cases = 2_000;
const seed = 20_260_301;

const rounds = 7;
const roundMilliseconds = 1_000;

/** Loads one engine into this process and measures it. Needs `--expose-gc`. */
export async function measure(name: EngineName): Promise<Measurement> {
  const facts = randomFacts(cases, seed);
  const before = memory();
  const started = performance.now();
  const engine = await loaders[name]();
  const load = performance.now() - started;
  const answers: Answer[] = [];
  for (const about of facts) answers.push(await engine.decide(about));
  const digest = createHash('sha256').update(JSON.stringify(answers)).digest('hex');
  answers.length = 0;

  const results: Round[] = [];
  for (let round = 0; round < rounds; round += 1) results.push(await roundOf(engine, facts));
  const rates = results.map(({ rate }) => rate).sort((a, b) => a - b);
  const processorRates = results.map(({ processorRate }) => processorRate).sort((a, b) => a - b);
  const after = memory();
  return {
    engine: name,
    best: rates.at(-1)!,
    median: rates[(rounds - 1) / 2]!,
    perProcessorSecond: processorRates[(rounds - 1) / 2]!,
    load,
    heap: after.heap - before.heap,
    resident: after.resident - before.resident,
    digest,
  };
}

const loaders: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  postern: async () => (await import('./postern-engine')).loadPostern(),
  cedar: loadCedar,
  'json-rules': loadJsonRules,
};

interface Round {
  readonly rate: number;
  readonly processorRate: number;
}

async function roundOf(engine: Engine, facts: ReturnType<typeof randomFacts>): Promise<Round> {
  const started = performance.now();
  const processor = process.cpuUsage();
  let decided = 0;
  let passed = 0;
  while (passed < roundMilliseconds) {
    for (let index = 0; index < 20; index += 1) {
      const answer = engine.decide(facts[decided % facts.length]!);
      // An engine that answers synchronously does not wait for the event loop.
      if (answer instanceof Promise) await answer;
      decided += 1;
    }
    passed = performance.now() - started;
  }
  const { user, system } = process.cpuUsage(processor);
  return { rate: (decided * 1_000) / passed, processorRate: (decided * 1_000_000) / (user + system) };
}

function memory(): { heap: number; resident: number } {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / 2 ** 20, resident: rss / 2 ** 20 };
}
