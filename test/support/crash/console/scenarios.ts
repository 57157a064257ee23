import { addSeconds } from '../../../../src/base/clock';
import { openEntry } from '../../../contract/suites/console-index';
import { ada, bob, openPolicy, person, policyLoad } from '../../console/console-rig';
import type { CrashWorld } from '../crash-world';
import type { Happening, Scenario } from '../host';
import { announced, disk, queued, vault } from '../scenario-parts';
import type { Visit } from './people';

const two = `console: { approve: [role] }\nrules: [{name: two, effect: hold, when: "true", console: {needed: 2}}]\n`;
const another = two.replaceAll('two', 'another');
const approving = `${openPolicy}rules: [{name: all, effect: approve, when: "true"}]\n`;
const limited = `${openPolicy}limits: { rejects: { perHour: 1 } }\nrules: [{name: all, effect: reject, when: "true"}]\n`;

/** Older than what the daily records of whatever waits have renewed. */
const staleSeconds = 26 * 60 * 60;

const [first, second] = [person(ada), person(bob)];
const about = { target: vault, name: 'one' } as const;

/** A person opens the page of the connection, and then does something there. */
function visits(atSeconds: number, who: typeof first, visit: Record<string, unknown>): Happening {
  const next = { ...about, person: who, ...visit } as Visit;
  return { atSeconds, invoke: { trigger: 'page', person: who, ...about }, then: [next] };
}

const approves = { trigger: 'answer', effect: 'approve' } as const;

/** Returns a scenario in which the policy holds a connection, and an event announces it. */
function held(name: string, console: string, happenings: readonly Happening[]): Scenario {
  return {
    name,
    console,
    arrange: (world) => {
      world.arm.seed({ ...about, message: 'one, please' });
      world.targets.push(vault);
      return [announced(vault), ...happenings];
    },
  };
}

/** What people do in the console, and what the app does with it. */
export const consoleScenarios: readonly Scenario[] = [
  held('a person answers what the policy holds', openPolicy, [visits(60, first, approves)]),
  held('two people must agree', two, [visits(60, first, approves), visits(1000, second, approves)]),
  held('a person takes an answer back that waits for a second person', two, [
    visits(60, first, approves),
    visits(1000, first, { trigger: 'withdraw' }),
  ]),
  {
    ...held('a person takes an answer back that may have been carried out', openPolicy, [
      visits(60, first, approves),
      visits(61, first, { trigger: 'withdraw' }),
    ]),
    endsFreely: true,
  },
  {
    ...held('an answer lapses, because the policy has changed since', two, [
      visits(60, first, approves),
      {
        atSeconds: 120,
        change: (world) => {
          world.load.current = policyLoad(another);
          queued(world, vault);
        },
      },
    ]),
    endsFreely: true,
  },
  {
    name: 'a limit holds a rejection, until an operator lifts it in the console',
    console: limited,
    arrange: (world) => {
      for (const name of ['one', 'two']) world.arm.seed({ target: vault, name });
      world.targets.push(vault);
      queued(world, vault);
      const lift = { trigger: 'lift', person: first, kind: 'rejects' } as const;
      return [{ atSeconds: 1500, invoke: lift }];
    },
  },
  {
    name: 'an operator retries in the console what was given up',
    console: approving,
    arrange: (world) => {
      world.arm.seed({ target: disk, name: 'one' });
      world.targets.push(disk);
      world.arm.faults.push('fails later');
      world.arm.readFailure = new Error('an unexpected error');
      const change = ({ arm }: CrashWorld): void => void (arm.readFailure = undefined);
      const retry = { trigger: 'retry', person: first, target: disk } as const;
      return [announced(disk), { atSeconds: 7_000, change }, { atSeconds: 7_200, invoke: retry }];
    },
    endsFreely: true,
  },
  {
    name: 'a person opens a list that is out of date',
    console: openPolicy,
    arrange: (world) => {
      world.arm.seed({ ...about, message: 'one, please' });
      world.targets.push(vault);
      const at = addSeconds(world.clock.now(), -staleSeconds).toISOString();
      const gone = [1, 2].map((number) => openEntry(number, { at }));
      void world.index.change(gone.map((entry) => ({ kind: 'put', entry }) as const));
      return [announced(vault), { atSeconds: 60, invoke: { trigger: 'list', person: first } }];
    },
  },
];
