import { isAbsolute, resolve } from 'node:path';
import type { AuditLog } from './audit/audit-log';
import { createAuditLog } from './audit/create-audit-log';
import { createArm } from './azure/arm';
import { createBlobPolicyReader } from './azure/blob-policy-reader';
import { createCredential } from './azure/credential';
import { createStorage } from './azure/storage';
import type { StorageAccess } from './azure/storage-access';
import { createTelemetry } from './azure/telemetry';
import { systemClock } from './clock';
import { silenceExporterStatistics, type Config, type StorageConfig } from './config';
import { createTakeEvent, type TakeEvent } from './events/take-event';
import type { Logger } from './logger';
import { abandonOperation } from './operations/abandon-operation';
import { parseAlarmCall } from './operations/parse-alarm-call';
import { createPollOperation } from './operations/poll-operation';
import type { PolicySource } from './policy/policy';
import { createPolicySource } from './policy/policy-source';
import { abandonMessage } from './review/abandon-message';
import { createFollowUp } from './review/follow-up';
import { createSweep, type Sweep } from './review/sweep';
import { parseReviewRequest } from './review/review-request';
import { createTakeRequest } from './review/take-request';

/** The use cases, ready to run. */
export interface Parts {
  readonly audit: AuditLog;
  readonly takeEvent: TakeEvent;
  readonly sweep: Sweep;
  /** Take queue messages as they come. @throws PosternError MESSAGE_INVALID */
  reviewTarget(message: unknown): Promise<void>;
  pollOperation(message: unknown): Promise<void>;
  abandonReview(message: unknown): Promise<void>;
  abandonOperation(message: unknown): Promise<void>;
}

/** Every adapter meets its port here, and nowhere else. */
export function compose(config: Config, directory: string, logger: Logger): Parts {
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
  const takeRequest = createTakeRequest({
    ...shared,
    policy,
    lease,
    scheduleRetry: (ended) => followUp.retry(ended),
  });
  const poll = createPollOperation({
    ...shared,
    operationReader,
    onEnd: async (ended) => {
      await followUp.nextInLine(ended);
      await followUp.retry(ended);
    },
  });
  return {
    audit,
    takeEvent: createTakeEvent({ reviews, audit, clock, logger }),
    reviewTarget: (message) => takeRequest(parseReviewRequest(message)),
    pollOperation: (message) => poll(parseAlarmCall(message)),
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
