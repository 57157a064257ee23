import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { LocalReply, LocalRequest } from '../../../azure';
import { localRequestFrom, resetError, responseFrom } from '../../../azure/mounts/http-client';
import type { Router } from '../../../azure/router';
import type { Random } from '../../../azure/model/random';
import type { Owner, Scheduler } from '../../kernel/scheduler';
import type { FaultSet } from '../faults';
import { abortError } from './network';

export interface ArmNetworkParts {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly faults: FaultSet;
  readonly isDisturbed: () => boolean;
  readonly isArmAway: () => boolean;
  readonly router: Router;
  /** Called when a request leaves, and when ARM has handled it. */
  readonly atCall: () => void;
  /** Called when a request leaves a worker, when it arrives at ARM, and when its reply arrives at the worker. */
  readonly onSent?: ((worker: string, request: LocalRequest) => void) | undefined;
  readonly onRequest: (worker: string, request: LocalRequest) => void;
  readonly onReply: (worker: string, request: LocalRequest, reply: LocalReply) => void;
}

/** Creates the way of one worker to ARM and to the topic. The router answers as the local Azure does. */
export function createArmHttpClient(
  parts: ArmNetworkParts,
  worker: Owner & { readonly name: string },
): HttpClient {
  return {
    sendRequest: (request) =>
      new Promise<PipelineResponse>((resolve, reject) => {
        const { abortSignal } = request;
        if (abortSignal?.aborted === true) return reject(abortError());
        const onAbort = (): void => reject(abortError());
        abortSignal?.addEventListener('abort', onAbort);
        const settle = (work: () => void): void => {
          abortSignal?.removeEventListener('abort', onAbort);
          work();
        };
        exchange(parts, worker, request, settle, { resolve, reject });
      }),
  };
}

interface Settle {
  readonly resolve: (response: PipelineResponse) => void;
  readonly reject: (error: Error) => void;
}

function exchange(
  parts: ArmNetworkParts,
  worker: Owner & { readonly name: string },
  request: PipelineRequest,
  settle: (work: () => void) => void,
  { resolve, reject }: Settle,
): void {
  const { scheduler, router } = parts;
  const sent = localRequestFrom(request);
  const fate = fateOf(parts);
  parts.onSent?.(worker.name, sent);
  parts.atCall();
  const cut = (): void => settle(() => reject(resetError(request)));
  scheduler.at(delayMs(parts), () => {
    if (parts.isArmAway() || fate === 'cut before') {
      scheduler.at(delayMs(parts), cut, worker);
      return;
    }
    parts.onRequest(worker.name, sent);
    void router.handle(sent).then((reply) => {
      parts.atCall();
      if (fate === 'silence') return;
      scheduler.at(
        delayMs(parts),
        () => {
          if (reply.kind === 'reset' || fate === 'cut after') return cut();
          parts.onReply(worker.name, sent, reply);
          settle(() => resolve(responseFrom(request, reply)));
        },
        worker,
      );
    });
  });
}

function fateOf({
  random,
  faults,
  isDisturbed,
}: ArmNetworkParts): 'well' | 'cut before' | 'cut after' | 'silence' {
  const drawn = random.next();
  if (!isDisturbed() || !faults.has('arm-loses-replies')) return 'well';
  if (drawn < 0.03) return 'cut before';
  if (drawn < 0.06) return 'cut after';
  return drawn < 0.07 ? 'silence' : 'well';
}

function delayMs({ random, faults, isDisturbed }: ArmNetworkParts): number {
  const drawn = random.next();
  const usual = 10 + drawn * drawn * 150;
  if (!faults.has('arm-slow') || !isDisturbed()) return usual;
  if (drawn > 0.99) return random.between(5_000, 30_000);
  return drawn > 0.9 ? random.between(500, 6_000) : usual;
}
