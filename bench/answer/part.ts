import type { Part, PartOptions, PartReport } from '../report/part';
import { presentBuild, type AppBuild } from '../system/app-build';
import { buildFirstVersion } from '../system/first-version';
import { measureAnswers } from './answers';
import { measureIdleHour } from './idle-hour';
import { goalsOf, idleTable, secondsTable, type Answered, type Measured } from './report';

/** Measures how soon an event is answered, and what the app costs while nothing happens. */
export const answerPart: Part = { name: 'answer', run };

async function run({ root, runs, quick, log }: PartOptions): Promise<PartReport> {
  const events = quick ? 4 : 20;
  const minutes = quick ? 1 : 3;
  const measure = async (app: AppBuild): Promise<Answered> => {
    const seconds: number[] = [];
    for (let run = 1; run <= runs; run += 1) {
      log(`run ${run} of ${runs}: ${events} events for ${app.name}`);
      seconds.push(...(await measureAnswers({ root, app, events })));
    }
    log(`counting what ${app.name} does in ${minutes} idle minutes`);
    return { name: app.name, seconds, idleHour: await measureIdleHour({ root, app, minutes }) };
  };
  const first = await buildFirstVersion(root, log);
  // At the same time, because both mostly wait.
  const [present, before] = await Promise.all([
    measure(presentBuild(root)),
    first === undefined ? undefined : measure(first),
  ]);
  const measured: Measured = { present, first: before };
  return {
    name: 'answer',
    about: `${events} events per run, one after another, in a warm app whose queues are empty.`,
    tables: [secondsTable(measured), idleTable(measured)],
    goals: goalsOf(measured),
    figures: measured,
  };
}
