import { z } from 'zod';
import { defaultSweepSchedule, sweepSchedule, type Environment } from './config-schedule';
import { PosternError } from './errors';

export type { Environment };

/** Everything the app reads from its environment, parsed once. */
export interface Config {
  readonly storage: StorageConfig;
  /** ARM's origin, e.g. `https://management.azure.com`: tokens go there and nowhere else. */
  readonly armEndpoint: string;
  /** A file or a folder; relative to the app's folder. */
  readonly policyPath: string;
  /** Overrides the mode that the policy states. */
  readonly policyMode: 'enforce' | 'audit' | undefined;
  /** Overrides each provider's own polling floor, in seconds. */
  readonly pollFloorSeconds: number | undefined;
  /** Empty: every subscription that the identity can read. */
  readonly sweepSubscriptions: readonly string[];
  /** Client id of the user-assigned identity; absent for the system-assigned one. */
  readonly clientId: string | undefined;
  /** Whether the platform offers a managed identity here. */
  readonly hasManagedIdentity: boolean;
  readonly telemetryConnectionString: string | undefined;
  /** Whether telemetry signs in with the identity; otherwise the connection string's key is enough. */
  readonly telemetryUsesIdentity: boolean;
}

export type StorageConfig =
  | { readonly kind: 'connectionString'; readonly connectionString: string }
  | {
      readonly kind: 'identity';
      readonly blobServiceUri: string;
      readonly queueServiceUri: string;
      readonly tableServiceUri: string;
      readonly clientId: string | undefined;
    };

/** A setting that is wrong, and how to mend it. */
export interface ConfigProblem {
  readonly setting: string;
  readonly problem: string;
}

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const optional = z
  .string()
  .trim()
  .transform((text) => (text === '' ? undefined : text))
  .optional();

const armEndpoint = optional.transform((text, context) => {
  const url = parseUrl(text ?? 'https://management.azure.com');
  if (url?.protocol === 'https:' && url.pathname === '/' && url.search === '' && url.username === '')
    return url.origin;
  context.addIssue('must be an https origin without a path, e.g. https://management.azure.com');
  return z.NEVER;
});

const pollFloor = optional.transform((text, context) => {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 1 && seconds <= 3600) return seconds;
  context.addIssue(
    'must be a number of seconds from 1 to 3600, or be left out for each provider’s own floor',
  );
  return z.NEVER;
});

const subscriptions = optional.transform((text, context) => {
  const ids = (text ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  const wrong = ids.filter((id) => !guid.test(id));
  if (wrong.length > 0)
    context.addIssue(`must be subscription GUIDs separated by commas; these are not: ${wrong.join(', ')}`);
  return ids.map((id) => id.toLowerCase());
});

const schema = z.object({
  ARM_ENDPOINT: armEndpoint,
  POLICY_PATH: optional.transform((text) => text ?? 'policies'),
  POLICY_MODE: optional.pipe(
    z.enum(['enforce', 'audit'], 'must be enforce or audit, or be left out').optional(),
  ),
  POLL_FLOOR_SECONDS: pollFloor,
  SWEEP_SUBSCRIPTIONS: subscriptions,
  AZURE_CLIENT_ID: optional.pipe(
    z.string().regex(guid, 'must be the client id (a GUID) of the identity').optional(),
  ),
  APPLICATIONINSIGHTS_CONNECTION_STRING: optional.pipe(
    z
      .string()
      .regex(/InstrumentationKey=/i, 'must be a connection string: InstrumentationKey=…;IngestionEndpoint=…')
      .optional(),
  ),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: optional,
  IDENTITY_ENDPOINT: optional,
});

/** The Application Insights exporter measures itself and probes addresses of its own unless its environment forbids it. */
export function silenceExporterStatistics(environment: NodeJS.ProcessEnv = process.env): void {
  environment.APPLICATION_INSIGHTS_NO_STATSBEAT ??= 'true';
  environment.APPLICATIONINSIGHTS_STATSBEAT_DISABLED ??= 'true';
  environment.APPLICATIONINSIGHTS_SDKSTATS_DISABLED ??= 'true';
}

/** @throws PosternError CONFIG_INVALID that lists every problem, each with the setting's name and the mend. */
export function readConfig(environment: Environment = process.env): Config {
  const parsed = schema.safeParse(environment);
  const storage = readStorage(environment);
  const problems = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => ({
      setting: path.join('.'),
      problem: message,
    })),
    ...('problem' in storage ? [storage] : []),
    ...scheduleProblems(environment),
  ];
  if (!parsed.success || 'problem' in storage || problems.length > 0) throw configError(problems);
  const { data } = parsed;
  return {
    storage,
    armEndpoint: data.ARM_ENDPOINT,
    policyPath: data.POLICY_PATH,
    policyMode: data.POLICY_MODE,
    pollFloorSeconds: data.POLL_FLOOR_SECONDS,
    sweepSubscriptions: data.SWEEP_SUBSCRIPTIONS,
    clientId: data.AZURE_CLIENT_ID,
    hasManagedIdentity: data.IDENTITY_ENDPOINT !== undefined,
    telemetryConnectionString: data.APPLICATIONINSIGHTS_CONNECTION_STRING,
    telemetryUsesIdentity: /Authorization\s*=\s*AAD/i.test(
      data.APPLICATIONINSIGHTS_AUTHENTICATION_STRING ?? '',
    ),
  };
}

function configError(problems: readonly ConfigProblem[]): PosternError {
  const lines = problems.map(({ setting, problem }) => `  ${setting} ${problem}`);
  const count = problems.length === 1 ? 'One setting is' : `${problems.length} settings are`;
  return new PosternError('CONFIG_INVALID', `${count} wrong:\n${lines.join('\n')}`);
}

function scheduleProblems(environment: Environment): readonly ConfigProblem[] {
  const schedule = sweepSchedule(environment);
  const fields = schedule.split(/\s+/).length;
  if (fields === 6 || fields === 5 || /^\d+:\d{2}:\d{2}$/.test(schedule)) return [];
  return [
    {
      setting: 'SWEEP_SCHEDULE',
      problem: `must be an NCRONTAB expression such as "${defaultSweepSchedule}"`,
    },
  ];
}

/** The host's own storage, in the host's own spellings: a connection string, or identity-based settings. */
function readStorage(environment: Environment): StorageConfig | ConfigProblem {
  const setting = 'AzureWebJobsStorage';
  const connectionString = environment[setting]?.trim();
  if (connectionString) return { kind: 'connectionString', connectionString };
  const account = environment[`${setting}__accountName`]?.trim();
  const uriOf = (service: 'blob' | 'queue' | 'table'): string | undefined =>
    environment[`${setting}__${service}ServiceUri`]?.trim() ||
    (account && `https://${account}.${service}.core.windows.net`);
  const [blobServiceUri, queueServiceUri, tableServiceUri] = [uriOf('blob'), uriOf('queue'), uriOf('table')];
  if (!blobServiceUri || !queueServiceUri || !tableServiceUri) {
    return {
      setting,
      problem: `is missing: set it to a connection string, or set ${setting}__accountName for access by identity`,
    };
  }
  const wrong = [blobServiceUri, queueServiceUri, tableServiceUri].find(
    (uri) => parseUrl(uri)?.protocol !== 'https:',
  );
  if (wrong !== undefined)
    return { setting, problem: `names a service URI that is not an https URL: ${wrong}` };
  const clientId = environment[`${setting}__clientId`]?.trim() || undefined;
  return { kind: 'identity', blobServiceUri, queueServiceUri, tableServiceUri, clientId };
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
