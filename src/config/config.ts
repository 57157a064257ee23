import * as z from '../base/schema/schema';
import { apiVersionsFrom } from './api-versions';
import { sweepScheduleProblem, type Environment } from './registration';
import { ConfigError, type ConfigProblem } from './config-error';
import { consoleFrom, consoleProblems, consoleSettings, type ConsoleSettings } from './console';
import { standbySettings } from './standby';
import { policyProblems, readStorage, type StorageConfig } from './storage';
import { insightsProblems, telemetrySettings } from './telemetry';
import { optional, setting } from './optional-text';
import { isGuid } from '../base/guid';
import { pastedProblem } from './pasted-value';
import { isEventGridUrl } from './token-host';
import { choiceProblems, typeSettings } from './types/type-choice';
import type { TypeChoice } from '../connections/chosen-types';

export type { ConfigProblem, ConsoleSettings, Environment, StorageConfig };

/** The settings for reaching ARM, and the identity to use. */
export interface ArmConfig {
  /** ARM's origin, e.g. `https://management.azure.com`: tokens go there and nowhere else. */
  readonly armEndpoint: string;
  /** Client id of the user-assigned identity; absent for the system-assigned one. */
  readonly clientId: string | undefined;
  /** Whether the platform offers a managed identity here. */
  readonly hasManagedIdentity: boolean;
  /** The api-versions that replace pinned ones, by provider or type in lower case; absent: none. */
  readonly apiVersions: ReadonlyMap<string, string> | undefined;
  /** The words that choose the types of target: see `chosenTypes`. */
  readonly targetTypes: TypeChoice;
  /** A table with more types: a file or a blob; absent: none. */
  readonly targetTypesPath: string | undefined;
}

/** Everything the app reads from its environment, parsed once. */
export interface Config extends ArmConfig {
  readonly storage: StorageConfig;
  /** A file or a folder; relative to the app's folder. */
  readonly policyPath: string;
  /** Overrides the mode that the policy states. */
  readonly policyMode: 'enforce' | 'audit' | undefined;
  /** Overrides each provider's own polling floor, in seconds. */
  readonly pollFloorSeconds: number | undefined;
  /** The share of ARM's common limits to leave to other clients, from 0 to 0.95; absent: a quarter. */
  readonly reserveShare: number | undefined;
  /** Empty: every subscription that the identity can read. */
  readonly sweepSubscriptions: readonly string[];
  /** The origin of the Event Grid topic for outcome events; absent: none are published. */
  readonly eventTopicOrigin: string | undefined;
  readonly telemetryConnectionString: string | undefined;
  /** Whether telemetry signs in with the identity; otherwise the connection string's key is enough. */
  readonly telemetryUsesIdentity: boolean;
  /** In a standby: for how many seconds it leaves each request to the first deployment; absent: this is the first. */
  readonly standbyAfterSeconds: number | undefined;
  /** Absent: there is no console. */
  readonly console: ConsoleSettings | undefined;
}

const armEndpoint = setting((text, context) => {
  const url = parseUrl(text ?? 'https://management.azure.com');
  const rest = url && url.search + url.hash + url.username + url.password;
  if (url?.protocol === 'https:' && url.pathname === '/' && rest === '') return url.origin;
  return z.refuse(context, 'must be an https origin without a path, e.g. https://management.azure.com');
});

/** The topic's endpoint, which portal and Bicep show with a path that is the same for every topic. */
const eventTopic = setting((text, context) => {
  if (text === undefined) return undefined;
  const url = parseUrl(text);
  const isTopic = url?.pathname === '/' || url?.pathname === '/api/events';
  if (url && isTopic && url.search + url.hash === '' && isEventGridUrl(text)) return url.origin;
  return z.refuse(
    context,
    'must be the https endpoint of an Event Grid topic, e.g. https://NAME.REGION-1.eventgrid.azure.net/api/events: the identity’s token goes there',
  );
});

const apiVersions = setting((text, context) => {
  const versions = text === undefined ? undefined : apiVersionsFrom(text);
  if (typeof versions !== 'string') return versions;
  return z.refuse(
    context,
    `must be providers and their api-versions, e.g. Microsoft.KeyVault=2023-07-01: ${versions}`,
  );
});

const pollFloor = setting((text, context) => {
  if (text === undefined) return undefined;
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= 3600) return seconds;
  return z.refuse(
    context,
    'must be a number of seconds from 1 to 3600, or be left out for each provider’s own floor',
  );
});

const reservePercent = setting((text, context) => {
  if (text === undefined) return undefined;
  const percent = /^\d{1,2}$/.test(text) ? Number(text) : 100;
  if (percent <= 95) return percent;
  return z.refuse(context, 'must be a whole percentage from 0 to 95, or be left out for 25');
});

const subscriptions = setting((text, context) => {
  const ids = (text ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  const wrong = ids.flatMap((id, index) => (isGuid(id) ? [] : [index + 1]));
  if (wrong.length > 0) return z.refuse(context, notGuids(wrong));
  return ids.map((id) => id.toLowerCase());
});

/** Names the entries of a list, counted from 1, that are not GUIDs; of more than five, only their number. */
function notGuids(entries: readonly number[]): string {
  const list = 'must be a comma-separated list of subscription GUIDs';
  if (entries.length === 1) return `${list}; entry ${entries.join()} is not a GUID`;
  if (entries.length <= 5) return `${list}; entries ${entries.join(', ')} are not GUIDs`;
  return `${list}; ${entries.length} entries are not GUIDs`;
}

/**
 * The policy's place. Credentials or a query in its URL would be a secret, and the path appears in logs and
 * audit records.
 */
const policyPath = setting((text, context) => {
  const url = /^https?:\/\//i.test(text ?? '') ? parseUrl(text ?? '') : undefined;
  if (url !== undefined && /^\/*$/.test(url.pathname)) {
    return z.refuse(context, 'must name a container behind the host, and may name a folder in it');
  }
  if (url === undefined || url.search + url.hash + url.username + url.password === '')
    return text ?? 'policies';
  return z.refuse(context, 'must be a URL without credentials or a query: the policy is read by identity');
});

const armSchema = z.object({
  ARM_ENDPOINT: armEndpoint,
  AZURE_CLIENT_ID: z.pipe(
    optional,
    z.optional(z.string().check(z.refine(isGuid, 'must be the client id (a GUID) of the identity'))),
  ),
  IDENTITY_ENDPOINT: optional.check(
    z.refine(
      (text) => text === undefined || (/^https?:\/\//i.test(text) && URL.canParse(text)),
      'must be the URL that the platform has set: leave it alone',
    ),
  ),
  API_VERSIONS: apiVersions,
  ...typeSettings,
});

const schema = z.extend(armSchema, {
  POLICY_PATH: policyPath,
  POLICY_MODE: z.pipe(
    optional,
    z.optional(z.enum(['enforce', 'audit'], 'must be enforce or audit, or be left out')),
  ),
  POLL_FLOOR_SECONDS: pollFloor,
  ARM_RESERVE_PERCENT: reservePercent,
  SWEEP_SUBSCRIPTIONS: subscriptions,
  EVENT_TOPIC_ENDPOINT: eventTopic,
  ...telemetrySettings,
  ...standbySettings,
  ...consoleSettings,
});

/**
 * Turns off the Application Insights exporter's own measurements, for which it calls addresses of its own.
 */
export function silenceExporterStatistics(environment: NodeJS.ProcessEnv = process.env): void {
  environment.APPLICATION_INSIGHTS_NO_STATSBEAT ??= 'true';
  environment.APPLICATIONINSIGHTS_STATSBEAT_DISABLED ??= 'true';
  environment.APPLICATIONINSIGHTS_SDKSTATS_DISABLED ??= 'true';
}

/**
 * Reads all settings. @throws ConfigError with every problem, each with the setting's name and what to
 * change.
 */
export function readConfig(environment: Environment = process.env): Config {
  const parsed = schema.safeParse(environment);
  const storage = readStorage(environment);
  const problems = [
    ...problemsOf(parsed.error),
    ...('kind' in storage ? policyProblems(parsed.data?.POLICY_PATH ?? '', storage) : storage),
    ...(parsed.success
      ? [...insightsProblems(parsed.data), ...typeProblems(parsed.data), ...consoleProblems(parsed.data)]
      : []),
    ...scheduleProblems(environment),
  ];
  if (!parsed.success || !('kind' in storage) || problems.length > 0) throw new ConfigError(problems);
  const { data } = parsed;
  return {
    ...armConfigFrom(data),
    storage,
    policyPath: data.POLICY_PATH,
    policyMode: data.POLICY_MODE,
    pollFloorSeconds: data.POLL_FLOOR_SECONDS,
    reserveShare: data.ARM_RESERVE_PERCENT === undefined ? undefined : data.ARM_RESERVE_PERCENT / 100,
    sweepSubscriptions: data.SWEEP_SUBSCRIPTIONS,
    eventTopicOrigin: data.EVENT_TOPIC_ENDPOINT,
    telemetryConnectionString: data.APPLICATIONINSIGHTS_CONNECTION_STRING,
    telemetryUsesIdentity: data.APPLICATIONINSIGHTS_AUTHENTICATION_STRING ?? false,
    standbyAfterSeconds: data.STANDBY_AFTER,
    console: consoleFrom(data),
  };
}

/**
 * Reads the settings for ARM alone, for tools that run outside the app. @throws ConfigError about these
 * settings.
 */
export function readArmConfig(environment: Environment = process.env): ArmConfig {
  const parsed = armSchema.safeParse(environment);
  if (!parsed.success) throw new ConfigError(problemsOf(parsed.error));
  const problems = typeProblems(parsed.data);
  if (problems.length > 0) throw new ConfigError(problems);
  return armConfigFrom(parsed.data);
}

/** Reads the settings of the app's storage; `undefined` when there are none. @throws ConfigError */
export function readStorageConfig(environment: Environment = process.env): StorageConfig | undefined {
  const isStated = Object.entries(environment).some(
    ([name, value]) => /^AzureWebJobsStorage(?:__|$)/.test(name) && value?.trim(),
  );
  if (!isStated) return undefined;
  const storage = readStorage(environment);
  if (!('kind' in storage)) throw new ConfigError(storage);
  return storage;
}

function armConfigFrom(data: z.output<typeof armSchema>): ArmConfig {
  return {
    armEndpoint: data.ARM_ENDPOINT,
    clientId: data.AZURE_CLIENT_ID,
    hasManagedIdentity: data.IDENTITY_ENDPOINT !== undefined,
    apiVersions: data.API_VERSIONS,
    targetTypes: data.TARGET_TYPES,
    targetTypesPath: data.TARGET_TYPES_PATH,
  };
}

/** With a table of one's own, the choice is checked when that is read. */
function typeProblems(data: z.output<typeof armSchema>): readonly ConfigProblem[] {
  return data.TARGET_TYPES_PATH === undefined ? choiceProblems(data.TARGET_TYPES) : [];
}

function problemsOf(error: z.ZodError | undefined): readonly ConfigProblem[] {
  return (error?.issues ?? []).map(({ path, message }) => ({ setting: path.join('.'), problem: message }));
}

function scheduleProblems(environment: Environment): readonly ConfigProblem[] {
  const problem = pastedProblem(environment.SWEEP_SCHEDULE ?? '') ?? sweepScheduleProblem(environment);
  return problem === undefined ? [] : [{ setting: 'SWEEP_SCHEDULE', problem }];
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
