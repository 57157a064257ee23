// Stands in for `functions/worker.ts` in the bundle of the explorer, where several workers share a process:
// the context of an invocation names its worker's app.
import type { App } from '../../../src/app';
import type { Logger } from '../../../src/base/logger';
import type { Invocation } from '../../../src/worker/invocation';

/** What a simulated host passes to a function instead of the host's own context. */
export interface SimulatedContext extends Logger {
  readonly app: App;
  readonly traceId: string;
  readonly deliveries: number | undefined;
}

interface SimulatedInvocation extends Invocation {
  readonly app: App;
}

export function invocationFrom({
  app,
  traceId,
  deliveries,
  ...logger
}: SimulatedContext): SimulatedInvocation {
  return { app, logger, traceId, deliveries };
}

const appOf = (invocation: Invocation): App => (invocation as SimulatedInvocation).app;

export const postern: App = {
  takeEvent: (event, invocation) => appOf(invocation).takeEvent(event, invocation),
  reviewTarget: (message, invocation) => appOf(invocation).reviewTarget(message, invocation),
  pollOperation: (message, invocation) => appOf(invocation).pollOperation(message, invocation),
  tellOutcome: (message, invocation) => appOf(invocation).tellOutcome(message, invocation),
  sweep: (invocation) => appOf(invocation).sweep(invocation),
  followPolicy: (invocation) => appOf(invocation).followPolicy(invocation),
  abandonReview: (message, invocation) => appOf(invocation).abandonReview(message, invocation),
  abandonOperation: (message, invocation) => appOf(invocation).abandonOperation(message, invocation),
  answerConsole: (request, invocation) => appOf(invocation).answerConsole(request, invocation),
};
