import {
  readArmConfig,
  readConfig,
  readStorageConfig,
  silenceExporterStatistics,
} from '../../../src/config/config';
import { hasConsole, hasEventTopic, sweepSchedule, type Environment } from '../../../src/config/registration';

/** Environments, of which at least one makes config read each setting. */
const environments: readonly Environment[] = [
  {},
  { AzureWebJobsStorage: 'UseDevelopmentStorage=true' },
  { AzureWebJobsStorage__accountName: 'postern' },
];

const readers: readonly ((environment: Record<string, string>) => unknown)[] = [
  readConfig,
  readArmConfig,
  readStorageConfig,
  sweepSchedule,
  hasConsole,
  hasEventTopic,
  silenceExporterStatistics,
];

/** Returns the names of all settings that config reads, sorted, without those that it sets itself. */
export function settingsThatConfigReads(): string[] {
  const read = new Set<string>();
  const written = new Set<string>();
  for (const environment of environments) {
    for (const reader of readers) {
      try {
        reader(watched(environment, read, written));
      } catch {
        // A setting is missing; the names read so far are known.
      }
    }
  }
  return [...read].filter((name) => !written.has(name)).sort();
}

function watched(environment: Environment, read: Set<string>, written: Set<string>): Record<string, string> {
  return new Proxy({ ...environment } as Record<string, string>, {
    get: (target, name) => {
      if (typeof name === 'string' && /^[A-Z]/.test(name)) read.add(name);
      return Reflect.get(target, name) as unknown;
    },
    set: (target, name, value: string) => {
      written.add(String(name));
      return Reflect.set(target, name, value);
    },
  });
}
