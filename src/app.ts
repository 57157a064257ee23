import { isAbsolute, resolve } from 'node:path';
import { createAuditLog } from './audit/create-audit-log';
import type { AuditLog } from './audit/audit-log';
import { createArm } from './azure/arm';
import { createBlobPolicyReader } from './azure/blob-policy-reader';
import { createCredential } from './azure/credential';
import { createStorage } from './azure/storage';
import { createTelemetry } from './azure/telemetry';
import { systemClock } from './clock';
import { readConfig, silenceExporterStatistics, type Config, type StorageConfig } from './config';
import { createTakeEvent, type TakeEvent } from './events/take-event';
import { createInvocationScope, type Invocation } from './invocation';
import { abandonOperation } from './operations/abandon-operation';
import { parseAlarmCall } from './operations/parse-alarm-call';
import { createPollOperation, type PollOperation } from './operations/poll-operation';
import type { PolicySource } from './policy/policy';
import { createPolicySource } from './policy/policy-source';
import { abandonMessage } from './review/abandon-message';
import { createFollowUp } from './review/follow-up';
import { parseReviewRequest } from './review/review-request';
import { createSweep, type Sweep } from './review/sweep';
import { createTakeRequest, type TakeRequest } from './review/take-request';
import type { StorageAccess } from './azure/storage-access';

export { sweepSchedule } from './config';

/** What the triggers call. Every method flushes the audit before it resolves or rejects. */
export interface App {
  takeEvent(event: unknown, invocation: Invocation): Promise<void>;
  reviewTarget(message: unknown, invocation: Invocation): Promise<void>;
  pollOperation(message: unknown, invocation: Invocation): Promise<void>;
  sweep(invocation: Invocation): Promise<void>;
  abandonReview(message: unknown, invocation: Invocation): Promise<void>;
  abandonOperation(message: unknown, invocation: Invocation): Promise<void>;
}

interface Parts {
  readonly audit: AuditLog;
  readonly takeEvent: TakeEvent;
  readonly takeRequest: TakeRequest;
  readonly poll: PollOperation;
  readonly sweep: Sweep;
  abandonReview(message: unknown): Promise<void>;
  abandonOperation(message: unknown): Promise<void>;
}

/**
 * The app, built at the first invocation that needs it: one per worker. `directory` is the app's folder.
 * A setting that is wrong fails each invocation with every problem named, and is read anew at the next one.
 */
export function createApp(options: { directory: () => string; readSettings?: () => Config }): App {
  const scope = createInvocationScope();
  let parts: Parts | undefined;
  const within = (invocation: Invocation, work: (parts: Parts) => Promise<unknown>): Promise<void> =>
    scope.run(invocation, async () => {
      parts ??= build((options.readSettings ?? readConfig)(), options.directory(), scope.logger);
      const built = parts;
      try {
        await work(built);
      } finally {
        await built.audit.flush();
      }
    });
  return {
    takeEvent: (event, invocation) =>
      within(invocation, ({ takeEvent }) => takeEvent(event, invocation.traceId)),
    reviewTarget: (message, invocation) =>
      within(invocation, ({ takeRequest }) => takeRequest(parseReviewRequest(message))),
    pollOperation: (message, invocation) => within(invocation, ({ poll }) => poll(parseAlarmCall(message))),
    sweep: (invocation) => within(invocation, ({ sweep }) => sweep(invocation.traceId)),
    abandonReview: (message, invocation) => within(invocation, (built) => built.abandonReview(message)),
    abandonOperation: (message, invocation) => within(invocation, (built) => built.abandonOperation(message)),
  };
}

/** Every adapter meets its port here, and nowhere else. */
function build(config: Config, directory: string, logger: Invocation['logger']): Parts {
  silenceExporterStatistics();
  const clock = systemClock;
  const credential = createCredential({
    identityEndpointPresent: config.hasManagedIdentity,
    clientId: config.clientId,
  });
  const access = accessOf(config.storage, config);
  const storage = createStorage({ access, clock });
  const {
    connections,
    operations: operationReader,
    resources,
    graph,
  } = createArm({
    endpoint: config.armEndpoint,
    credential,
  });
  const audit = createAuditLog({
    ledger: storage.ledger,
    telemetry: createTelemetry({
      connectionString: config.telemetryConnectionString,
      credential: config.telemetryUsesIdentity ? credential : undefined,
      logger,
    }),
  });
  const { operationStore: operations, reviewQueue: reviews, alarm, targetLease: lease } = storage;
  const { pollFloorSeconds } = config;
  const policy = policyOf(config, { directory, access, credential });
  const followUp = createFollowUp({ operations, reviews, clock, pollFloorSeconds });
  const shared = {
    operations,
    connections,
    resources,
    audit,
    alarm,
    reviews,
    clock,
    logger,
    pollFloorSeconds,
  };
  return {
    audit,
    takeEvent: createTakeEvent({ reviews, audit, clock, logger }),
    takeRequest: createTakeRequest({
      ...shared,
      policy,
      lease,
      scheduleRetry: (ended) => followUp.retry(ended),
    }),
    poll: createPollOperation({
      ...shared,
      operationReader,
      onEnd: async (ended) => {
        await followUp.nextInLine(ended);
        await followUp.retry(ended);
      },
    }),
    sweep: createSweep({ ...shared, finder: graph, policy, subscriptions: config.sweepSubscriptions }),
    abandonReview: (message) => abandonMessage({ audit, clock, logger }, message),
    abandonOperation: async (message) => {
      const known = await abandonOperation({ operations, audit, clock }, message);
      if (!known) await abandonMessage({ audit, clock, logger }, message);
    },
  };
}

/** A URL is followed in blob storage, anything else on disk. */
function policyOf(
  config: Config,
  from: { directory: string; access: StorageAccess; credential: ReturnType<typeof createCredential> },
): PolicySource {
  const { policyPath, policyMode: modeOverride } = config;
  const isUrl = /^https?:\/\//i.test(policyPath);
  const path = isUrl || isAbsolute(policyPath) ? policyPath : resolve(from.directory, policyPath);
  const reader = isUrl ? createBlobPolicyReader({ url: policyPath, ...from }) : undefined;
  return createPolicySource({ path, modeOverride, clock: systemClock, reader });
}

function accessOf(storage: StorageConfig, config: Config): StorageAccess {
  if (storage.kind === 'connectionString') return storage;
  const { blobServiceUri, queueServiceUri, tableServiceUri, clientId } = storage;
  const credential = createCredential({ identityEndpointPresent: config.hasManagedIdentity, clientId });
  return { kind: 'identity', blobServiceUri, queueServiceUri, tableServiceUri, credential };
}
