import { createPace, type Pace } from './connections/pace';
import { chosenTypes } from './connections/chosen-types';
import type { TargetType } from './connections/target-type';
import { type AuditLog, createAuditLog } from './audit/audit-log';
import { createArm } from './azure/arm/arm';
import { createEventGridTopic } from './azure/event-grid/topic';
import { createStorage, type SpareQueueName, type Storage } from './azure/storage/storage';
import type { ConsoleLoader, ConsolePorts } from './console-ports';
import type { Console } from './console/console';
import { PosternError } from './base/errors';
import type { Logger } from './base/logger';
import { oneAtATime } from './worker/one-at-a-time';
import { type Config, silenceExporterStatistics } from './config/config';
import { createTakeEvent, type TakeEvent } from './events/take-event';
import { parseAlarmCall } from './operations/alarm';
import { createKnownDurations } from './operations/pace/known-durations';
import { createPollOperation } from './operations/poll-operation';
import { createPublishOutcome, type PublishOutcome } from './outcomes/publish-outcome';
import { auditWithOutcomes } from './outcomes/publishing-audit-log';
import { createPolicySource } from './policy/source/policy-source';
import { createOnAbandoned } from './review/failure/on-abandoned';
import { createKnownLinks } from './review/facts/known-links';
import { createOwnSubscriptions } from './review/facts/own-subscriptions';
import { createTenants } from './review/facts/tenants';
import { createManagedLists } from './review/lists/managed-lists';
import { createPolicyInForce } from './review/policy-in-force';
import { createFollowUp } from './review/queue/follow-up';
import { parseReviewRequest } from './review/queue/review-request';
import { createFollowPolicy, type FollowPolicy } from './review/sweep/follow-policy';
import { createSweep, type Sweep } from './review/sweep/sweep';
import { createReviewAfter } from './review/queue/review-after';
import { createReviewNow } from './review/queue/review-now';
import { createTakeRequest } from './review/take-request';
import { type Platform, policyPathFrom } from './platform';
import { createWithSpareCopy, type WithSpareCopy } from './worker/spare-copy';

/** The use cases, wired to their adapters. */
export interface Parts {
  readonly audit: AuditLog;
  readonly takeEvent: TakeEvent;
  readonly sweep: Sweep;
  readonly followPolicy: FollowPolicy;
  /**
   * Takes one queue message of any content.
   * @throws PosternError MESSAGE_INVALID
   */
  readonly reviewTarget: TakeMessage;
  readonly pollOperation: TakeMessage;
  /**
   * Takes one message of the outcomes queue.
   * @throws PosternError MESSAGE_INVALID, OUTCOME_REFUSED, or CONFIG_INVALID if no topic is
   *   configured.
   */
  readonly tellOutcome: TakeMessage;
  readonly abandonReview: TakeMessage;
  readonly abandonOperation: TakeMessage;
  /** Answers a request of the console. @throws PosternError CONFIG_INVALID if none is configured. */
  readonly answerConsole: Console;
}

/**
 * Handles one queue message. `deliveries`: how many times the queue has delivered it, 1 at first.
 */
export type TakeMessage = (message: unknown, deliveries: number) => Promise<void>;

/** What `compose` builds the use cases from. */
export interface ComposeOptions {
  readonly config: Config;
  /** The app's folder. */
  readonly directory: string;
  readonly logger: Logger;
  readonly platform: Platform;
  /** Loads the console, if one is configured. */
  readonly console: ConsoleLoader;
}

/** Builds the use cases. This is the only place where adapters are connected to ports. */
export function compose({ config, directory, logger, platform, console: loader }: ComposeOptions): Parts {
  silenceExporterStatistics();
  const { clock, credential } = platform;
  const storage = createStorage({ clients: platform.storage, clock });
  const {
    connections,
    operations: operationReader,
    resources,
    managedEndpoints,
    subscriptions,
    graph,
    lists,
    managementGroups,
    ownObjectId,
  } = createArm({
    endpoint: config.armEndpoint,
    credential,
    clock,
    chance: platform.chance,
    httpClient: platform.httpClient,
    reserveShare: config.reserveShare,
    apiVersions: config.apiVersions,
    onMalformed: (problem) => logger.warn(problem),
    onNote: (text) => logger.warn(text),
  });
  const log = createAuditLog({ ledger: storage.ledger, telemetry: platform.telemetry, logger });
  const types = chosenTypes(config.targetTypes);
  const chosen = new Set(types);
  const answers = (type: TargetType): boolean => chosen.has(type);
  const pace = createPace(config.pollFloorSeconds);
  const { audit: published, tellOutcome } = outcomesOf(config, { log, storage, platform, logger, pace });
  const audit = config.console === undefined ? published : indexed(published, { platform, logger, loader });
  const { operationStore: operations, reviewQueue: reviews, limits, alarm, targetLease: lease } = storage;
  const policy = createPolicyInForce({
    policy: createPolicySource({
      path: policyPathFrom(config, directory),
      modeOverride: config.policyMode,
      clock,
      reader: platform.policy,
    }),
    memory: storage.policyMemory,
  });
  const followUp = createFollowUp({ operations, reviews, clock, pace });
  const shared = {
    operations,
    connections,
    resources,
    audit,
    alarm,
    reviews,
    clock,
    logger,
    pace,
    durations: createKnownDurations({
      store: storage.durationStore,
      clock,
      logger,
      usesRecorded: config.pollFloorSeconds === undefined,
    }),
  };
  const ownSubscriptions = createOwnSubscriptions({ subscriptions, clock, logger });
  const managedLists = createManagedLists({
    store: storage.listStore,
    groups: managementGroups,
    subscriptions: ownSubscriptions,
    audit,
    clock,
    logger,
  });
  const review = {
    ...shared,
    limits,
    standbyAfterSeconds: config.standbyAfterSeconds,
    ownSubscriptions,
    managedEndpoints: createKnownLinks(managedEndpoints, clock),
    managedLists,
    tenants: createTenants({ subscriptions, memory: storage.tenantMemory, clock }),
  };
  const takeRequest = createTakeRequest({
    ...review,
    policy,
    answers,
    lease,
    scheduleRetry: (ended) => followUp.retry(ended),
  });
  const reviewAfter = createReviewAfter({ takeRequest, followUp, clock });
  const poll = createPollOperation({ ...shared, operationReader, onEnd: reviewAfter });
  const journal = storage.sweepJournal;
  const sweep = oneAtATime(
    createSweep({
      ...shared,
      graph,
      lists,
      policy,
      journal,
      subscriptions: config.sweepSubscriptions,
      tenantMemory: storage.tenantMemory,
      types,
    }),
  );
  const withSpareCopy = createWithSpareCopy({ logger, clock });
  const reviewNow = createReviewNow({ takeRequest, reviews, clock, logger });
  const reviewTarget = async (message: unknown): Promise<void> => takeRequest(parseReviewRequest(message));
  const reviewMessage: TakeMessage = async (message, deliveries) => {
    const delivery = { queue: storage.spares.reviews, message, deliveries };
    return takeRequest(parseReviewRequest(message), {
      guarded: (work) => withSpareCopy(delivery, () => work()),
    });
  };
  const pollOperation = async (message: unknown): Promise<void> => poll(parseAlarmCall(message), 2);
  const pollMessage: TakeMessage = async (message, deliveries) => poll(parseAlarmCall(message), deliveries);
  const onAbandoned = createOnAbandoned({
    ...shared,
    reviewTarget,
    pollOperation,
    onEnd: (ended) => followUp.ended(ended),
  });
  const from = withSpareCopies(storage, withSpareCopy);
  const answerConsole = lazyConsole(
    loader,
    config.console && {
      settings: config.console,
      ...review,
      platform,
      directory,
      policy,
      journal,
      history: storage.ledger,
    },
  );
  return {
    audit,
    takeEvent: createTakeEvent({ reviews, audit, clock, logger, answers, ownObjectId, reviewNow }),
    reviewTarget: reviewMessage,
    pollOperation: pollMessage,
    tellOutcome: from('outcomes', tellOutcome),
    abandonReview: from('reviewsPoison', (message, deliveries) => onAbandoned.review(message, deliveries)),
    abandonOperation: from('operationsPoison', (message, count) => onAbandoned.operation(message, count)),
    sweep,
    followPolicy: createFollowPolicy({ policy, journal, sweep, reviews, managedLists, clock, logger }),
    answerConsole,
  };
}

/** Keeps the console's index along with the audit log; loaded with the first record. */
function indexed(
  audit: AuditLog,
  {
    platform,
    logger,
    loader,
  }: Pick<ComposeOptions, 'platform' | 'logger'> & { readonly loader: ConsoleLoader },
): AuditLog {
  const { clock, storage: clients } = platform;
  let building: Promise<AuditLog> | undefined;
  const load = (): Promise<AuditLog> =>
    (building ??= loader.index().then((loaded) => loaded.composeIndexing(audit, { clients, clock, logger })));
  return { ...audit, record: async (records) => (await load()).record(records) };
}

/** Builds the console with its first request, so that an app without it loads nothing of it. */
function lazyConsole(loader: ConsoleLoader, ports: ConsolePorts | undefined): Console {
  let building: Promise<Console> | undefined;
  return async (request) => {
    if (ports === undefined) throw noConsole();
    building ??= loader.page().then((loaded) => loaded.composeConsole(ports));
    const answer = await building;
    return answer(request);
  };
}

function noConsole(): PosternError {
  return new PosternError(
    'CONFIG_INVALID',
    'CONSOLE_CLIENT_ID and CONSOLE_TENANT_ID are not set: there is no console',
  );
}

/** Keeps a hidden copy of each message in its queue while the message is processed. */
function withSpareCopies(
  { spares }: Storage,
  withSpareCopy: WithSpareCopy,
): (name: SpareQueueName, take: TakeMessage) => TakeMessage {
  return (name, take) => (message, deliveries) =>
    withSpareCopy({ queue: spares[name], message, deliveries }, (own) => take(own, deliveries));
}

/**
 * Adds publishing of outcome events to the audit log. Without a topic, returns the log unchanged
 * and publishes nothing.
 */
function outcomesOf(
  { eventTopicOrigin: origin, console }: Config,
  from: {
    readonly log: AuditLog;
    readonly storage: Storage;
    readonly platform: Platform;
    readonly logger: Logger;
    readonly pace: Pace;
  },
): { readonly audit: AuditLog; readonly tellOutcome: PublishOutcome } {
  const { log, storage, platform, logger, pace } = from;
  const { clock, credential, httpClient } = platform;
  if (origin === undefined) return { audit: log, tellOutcome: () => Promise.reject(noTopic()) };
  const topic = createEventGridTopic({ origin, credential, clock, httpClient });
  const ports = {
    topic,
    queue: storage.outcomeQueue,
    clock,
    logger,
    backoffBaseSeconds: pace.backoffSeconds,
    consoleUrl: console?.url,
  };
  return { audit: auditWithOutcomes(log, ports), tellOutcome: createPublishOutcome(ports) };
}

function noTopic(): PosternError {
  return new PosternError(
    'CONFIG_INVALID',
    'EVENT_TOPIC_ENDPOINT is not set, but outcome events wait in the queue: set it to the endpoint of the topic',
  );
}
