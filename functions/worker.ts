import { app, type InvocationContext } from '@azure/functions';
import { createApp } from '../src/app';
import type { Invocation } from '../src/worker/invocation';

let directory = process.cwd();

app.hook.appStart((context) => {
  const { functionAppDirectory } = context as { functionAppDirectory?: string };
  directory = functionAppDirectory ?? directory;
});

/** The app. There is one per worker process. */
export const postern = createApp({ directory: () => directory });

/** Converts the host's context to an `Invocation`: logger, trace id and delivery count. */
export function invocationFrom(context: InvocationContext): Invocation {
  const [, traceId] = context.traceContext?.traceParent?.split('-') ?? [];
  const deliveries = context.triggerMetadata?.['dequeueCount'];
  return { logger: context, traceId, ...(typeof deliveries === 'number' && { deliveries }) };
}
