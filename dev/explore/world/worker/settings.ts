import { consoleSettings } from '../../app/functions-sdk';
import type { RunningWorld } from '../running-world';

export type Settings = Readonly<Record<string, string>>;

/** Settings that may differ between the instances of an app while it gets other ones. */
const choices: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['POLICY_MODE', ['audit']],
  ['TARGET_TYPES', ['key-vault', 'disk-access, api-management']],
  ['ARM_RESERVE_PERCENT', ['0', '90']],
  ['POLL_FLOOR_SECONDS', ['20', '60']],
];
const shareOfEach = 0.4;

/** Returns the settings of an instance: until the operator has given all the same ones, it may have some of its own. */
export function settingsOf(world: RunningWorld, instance: string): Settings {
  const { plan, scheduler, startMs, stream } = world;
  const standard: Settings = {
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    POLICY_PATH: '/policy',
    SWEEP_SCHEDULE: plan.sweep.schedule,
    ARM_ENDPOINT: 'https://management.azure.com',
    ...(plan.actors.has('topic')
      ? { EVENT_TOPIC_ENDPOINT: 'https://outcomes.westeurope-1.eventgrid.azure.net/api/events' }
      : {}),
    ...(plan.console === undefined ? {} : consoleSettings),
  };
  const { settingsDifferUntilSeconds: until } = plan;
  if (until === undefined || scheduler.nowMs() >= startMs + until * 1000) return standard;
  const random = stream(`settings of ${instance}`);
  const own = choices.flatMap(([name, values]) => {
    const isOwn = random.next() < shareOfEach;
    const value = values[Math.floor(random.next() * values.length)];
    return isOwn && value !== undefined ? [[name, value] as const] : [];
  });
  return { ...standard, ...Object.fromEntries(own) };
}

/** Describes the settings that an instance may have of its own; empty if it has none. */
export function ownSettingsOf(settings: Settings): string {
  return choices
    .filter(([name]) => settings[name] !== undefined)
    .map(([name]) => `${name}=${settings[name] ?? ''}`)
    .join(', ');
}
