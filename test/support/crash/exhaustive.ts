import { findViolations } from './violations';
import { play, type Recoveries, type Run, type Scenario } from './host';
import type { Kill } from './kill-switch';

export interface Crash {
  readonly scenario: string;
  readonly kill: Kill;
  readonly recoveries: Recoveries;
  /** The last step before the crash, as `trigger: step`. */
  readonly point: string;
  /** Empty if all requirements are met. */
  readonly violations: readonly string[];
  /** Whether Azure received the write of any operation twice. */
  readonly wroteTwice: boolean;
}

export const bothRecoveries: Recoveries = { again: true, sweep: true };
const alone: readonly Recoveries[] = [
  { again: true, sweep: false },
  { again: false, sweep: true },
];

/**
 * Kills a process before, after and within every call of the scenario, with both recoveries active. Then
 * kills it with each recovery alone, at the first and the last call of each name.
 */
export async function killEverywhere(scenario: Scenario): Promise<Crash[]> {
  const undisturbed = await play(scenario);
  const crashes: Crash[] = [];
  for (const recoveries of [bothRecoveries, ...alone]) {
    if (!recoveries.sweep && scenario.needsSweep === true) continue;
    const run = await play(scenario, { recoveries });
    const kills = recoveries === bothRecoveries ? killsOf(run) : fewer(killsOf(run), run);
    for (const kill of kills) crashes.push(await killAt(scenario, { kill, recoveries, undisturbed }));
  }
  return crashes;
}

/**
 * Returns all kills of a scenario. Nothing more is durable before a call than after the previous one, so only
 * the first call of an invocation needs a kill before it.
 */
export function killsOf(undisturbed: Run): Kill[] {
  return undisturbed.calls.flatMap(({ first, canBeHalf }, index): Kill[] => {
    const at = index + 1;
    return [
      ...(first ? [{ at, when: 'before' } as const] : []),
      ...(canBeHalf ? [{ at, when: 'within' } as const] : []),
      { at, when: 'after' },
    ];
  });
}

function fewer(kills: readonly Kill[], { calls }: Run): Kill[] {
  const names = kills.map(({ at, when }) => `${when} ${calls[at - 1]?.point}`);
  return kills.filter(
    (_, index) =>
      names.indexOf(names[index] ?? '') === index || names.lastIndexOf(names[index] ?? '') === index,
  );
}

async function killAt(
  scenario: Scenario,
  how: { kill: Kill; recoveries: Recoveries; undisturbed: Run },
): Promise<Crash> {
  const { kill, recoveries, undisturbed } = how;
  const run = await play(scenario, { kills: [kill], recoveries });
  const [point = 'never'] = run.crashes;
  return {
    scenario: scenario.name,
    kill,
    recoveries,
    point,
    violations: findViolations(scenario, run, undisturbed),
    wroteTwice:
      run.world.arm.sent.length > new Set(run.world.arm.sent.map(({ operationId }) => operationId)).size,
  };
}
