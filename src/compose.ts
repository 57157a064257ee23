import { isAbsolute, resolve } from 'node:path';
import type { AuditLog } from './audit/audit-log';
import { createAuditLog } from './audit/create-audit-log';
import { createArm } from './azure/arm';
import { createBlobPolicyReader } from './azure/blob-policy-reader';
import { createCredential } from './azure/credential';
import { createEventGridTopic } from './azure/event-grid-topic';
import { createStorage, type Storage } from './azure/storage';
import type { StorageAccess } from './azure/storage-access';
import { storageAccessFrom } from './azure/storage-access-from-config';
import { createTelemetry } from './azure/telemetry';
import { systemClock } from './clock';
import { silenceExporterStatistics, type Config } from './config';
import { PosternError } from './errors';
import { createTakeEvent, type TakeEvent } from './events/take-event';
import type { Logger } from './logger';
import { parseAlarmCall } from './operations/parse-alarm-call';
import { createPollOperation } from './operations/poll-operation';
import { auditWithOutcomes } from './outcomes/audit-with-outcomes';
import { createTellOutcome, type TellOutcome } from './outcomes/tell-outcome';
import type { PolicySource } from './policy/policy';
import { createPolicySource } from './policy/policy-source';
import { createFollowPolicy, type FollowPolicy } from './review/follow-policy';
import { createFollowUp } from './review/follow-up';
import { createOnAbandoned, type OnAbandoned } from './review/on-abandoned';
import { createSweep, type Sweep } from './review/sweep';
import { parseReviewRequest } from './review/review-request';
import { createTakeRequest } from './review/take-request';

/** The use cases, ready to run. */
export interface Parts {
  readonly audit: AuditLog;
  readonly takeEvent: TakeEvent;
  readonly sweep: Sweep;
  readonly followPolicy: FollowPolicy;
  /** Take queue messages as they come. @throws PosternError MESSAGE_INVALID */
  reviewTarget(message: unknown): Promise<void>;
  pollOperation(message: unknown): Promise<void>;
  /** @throws PosternError MESSAGE_INVALID, OUTCOME_REFUSED, or CONFIG_INVALID where no topic is set. */
  readonly tellOutcome: TellOutcome;
  readonly onAbandoned: OnAbandoned;
}

/** Every adapter meets its port here, and nowhere else. */
export function compose(config: Config, directory: string, logger: Logger): Parts {
  silenceExporterStatistics();
  const clock = systemClock;
  const credential = createCredential({
    identityEndpointPresent: config.hasManagedIdentity,
    clientId: config.clientId,
  });
  const access = storageAccessFrom(config);
  const storage = createStorage({ access, clock });
  const {
    connections,
    operations: operationReader,
    resources,
    graph,
    lists,
  } = createArm({
    endpoint: config.armEndpoint,
    credential,
    reserveShare: config.reserveShare,
    apiVersions: config.apiVersions,
    onUnreadable: (problem) => logger.warn(problem),
  });
  const log = createAuditLog({
    ledger: storage.ledger,
    telemetry: createTelemetry({
      connectionString: config.telemetryConnectionString,
      credential: config.telemetryUsesIdentity ? credential : undefined,
      logger,
    }),
  });
  const { audit, tellOutcome } = outcomesOf(config, { log, storage, credential, logger });
  const { operationStore: operations, reviewQueue: reviews, limits, alarm, targetLease: lease } = storage;
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
    limits,
    policy,
    lease,
    scheduleRetry: (ended) => followUp.retry(ended),
  });
  const poll = createPollOperation({
    ...shared,
    operationReader,
    onEnd: (ended) => followUp.ended(ended),
  });
  const journal = storage.sweepJournal;
  const { sweepSubscriptions: subscriptions } = config;
  const sweep = createSweep({ ...shared, graph, lists, policy, journal, subscriptions });
  const reviewTarget: Parts['reviewTarget'] = async (message) => takeRequest(parseReviewRequest(message));
  const pollOperation: Parts['pollOperation'] = async (message) => poll(parseAlarmCall(message));
  return {
    audit,
    takeEvent: createTakeEvent({ reviews, audit, clock, logger }),
    reviewTarget,
    pollOperation,
    tellOutcome,
    sweep,
    followPolicy: createFollowPolicy({ policy, journal, sweep }),
    onAbandoned: createOnAbandoned({
      ...shared,
      reviewTarget,
      pollOperation,
      onEnd: (ended) => followUp.ended(ended),
    }),
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

/** Without a topic, the audit log is what it was, and nothing is told. */
function outcomesOf(
  { eventTopicOrigin: origin, pollFloorSeconds }: Config,
  from: {
    readonly log: AuditLog;
    readonly storage: Storage;
    readonly credential: ReturnType<typeof createCredential>;
    readonly logger: Logger;
  },
): { readonly audit: AuditLog; readonly tellOutcome: TellOutcome } {
  const { log, storage, credential, logger } = from;
  if (origin === undefined) return { audit: log, tellOutcome: () => Promise.reject(noTopic()) };
  const topic = createEventGridTopic({ origin, credential });
  const options = { topic, queue: storage.outcomeQueue, clock: systemClock, logger, pollFloorSeconds };
  return { audit: auditWithOutcomes(log, options), tellOutcome: createTellOutcome(options) };
}

function noTopic(): PosternError {
  return new PosternError(
    'CONFIG_INVALID',
    'EVENT_TOPIC_ENDPOINT is missing: outcome events wait for a topic',
  );
}
