import { parseArmPath, type ArmPath } from './arm/arm-path';
import { applyAfter, applyBefore, beginAfterwards, removeSilently } from './faults/apply-faults';
import { answerArm, type ArmParts } from './arm/gateway';
import { authenticate } from './access/authorization';
import type { FaultPlan } from './faults/fault-plan';
import type { FiredFault } from './faults/fault-rule';
import { answerIdentity, type IdentityOptions } from './access/identity-endpoint';
import { isIngestionPath, type Ingestion } from './ingestion';
import { emptyResponse, type LocalReply, type LocalRequest, type LocalResponse } from './http/message';
import type { Principal } from './access/principals';
import type { RequestArea, RequestLog, RequestRecord } from './http/request-log';
import { addArmHeaders } from './http/response-headers';
import { tenantOfPath } from './access/tenants';
import { isTopicPath, type Topic } from './events/topic';

/** Answers requests of both mounts. Never throws. */
export interface Router {
  /**
   * Answers everything that is served over TLS: ARM, Resource Graph, ingestion, the topic and `/_local/…`.
   */
  handle(request: LocalRequest): Promise<LocalReply>;
  /** Answers as the managed identity endpoint, which App Service serves over plain HTTP. */
  handleIdentity(request: LocalRequest): Promise<LocalReply>;
}

export interface RouterParts extends ArmParts {
  readonly identity: IdentityOptions;
  readonly faults: FaultPlan;
  readonly requests: RequestLog;
  readonly ingestion: Ingestion;
  readonly topic: Topic;
  readonly onRequest: (record: RequestRecord) => void;
  /** Answers requests below `/_local/`. */
  readonly answerControl: (request: LocalRequest) => Promise<LocalReply>;
}

export function createRouter(parts: RouterParts): Router {
  return {
    handle: (request) => {
      const url = new URL(request.url);
      const { pathname } = url;
      if (/^\/_local(\/|$)/i.test(pathname)) return parts.answerControl(request);
      if (isIngestionPath(pathname)) {
        return observe(parts, { request, url }, 'ingestion', () => parts.ingestion.answer(request));
      }
      if (isTopicPath(pathname)) {
        return observe(parts, { request, url }, 'topic', () => parts.topic.answer(request));
      }
      const area = /resourcegraph/i.test(pathname) ? 'graph' : 'arm';
      return observe(parts, { request, url }, area, (step) => answerArm(parts, request, step));
    },
    handleIdentity: (request) =>
      observe(parts, { request, url: new URL(request.url) }, 'identity', () =>
        answerIdentity(request, { options: parts.identity, tokens: parts.tokens }),
      ),
  };
}

interface Step {
  readonly record: RequestRecord;
  readonly url: URL;
  readonly fired: readonly FiredFault[];
  readonly caller: Principal | LocalResponse;
}

/** Logs a request, applies the faults and answers. */
async function observe(
  parts: RouterParts,
  { request, url }: { readonly request: LocalRequest; readonly url: URL },
  area: RequestArea,
  answer: (step: Step) => LocalResponse,
): Promise<LocalReply> {
  const { clock, world } = parts;
  const path = url.pathname + url.search;
  const record = parts.requests.begin({
    area,
    method: request.method,
    path,
    startedSeconds: clock.seconds(),
    startedRealMs: clock.now().getTime(),
    clientRequestId: request.headers['x-ms-client-request-id'],
  });
  const caller = authenticate(request, {
    tokens: parts.tokens,
    now: clock.now(),
    audiences: ['https://management.azure.com', 'https://management.core.windows.net'],
    tenantId: tenantOfPath(parts.tenants, url.pathname),
  });
  if (!('kind' in caller)) record.principal = caller.objectId;
  noteIds(record, parseArmPath(url.pathname, parts.profiles));
  const { method } = request;
  const { principal, target, connection } = record;
  const fired = parts.faults.draw({ method, path, principal, target, connection });
  record.faults.push(...fired.map(({ id }) => id));
  removeSilently(world, record, fired, 'before');
  const early = applyBefore(fired);
  const right = early === undefined ? answer({ record, url, fired, caller }) : undefined;
  if (right !== undefined) {
    removeSilently(world, record, fired, 'after');
    beginAfterwards(parts.faults, record, fired);
  }
  const slow = fired.reduce((sum, { effect }) => sum + (effect.kind === 'slow' ? effect.seconds : 0), 0);
  if (slow > 0) await clock.sleep(slow);
  const reply = early ?? applyAfter(right ?? emptyResponse(500), fired);
  return finish(parts, record, reply, request);
}

function finish(
  parts: RouterParts,
  record: RequestRecord,
  reply: LocalReply,
  request: LocalRequest,
): LocalReply {
  const { clock, world } = parts;
  const complete =
    reply.kind === 'reset'
      ? reply
      : addArmHeaders(reply, { request, random: world.random, now: clock.now() });
  record.status = reply.kind === 'reset' ? 'reset' : reply.status;
  record.endedSeconds = clock.seconds();
  record.endedRealMs = clock.now().getTime();
  parts.onRequest(record);
  return complete;
}

function noteIds(record: RequestRecord, path: ArmPath): void {
  if (!('targetId' in path)) return;
  record.target = path.targetId;
  if ('connectionName' in path) {
    record.connection = `${path.targetId}/privateEndpointConnections/${path.connectionName}`;
  }
}
