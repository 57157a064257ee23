import type * as Functions from '@azure/functions';
import type * as Worker from './worker';

/** What the registration shares with the other functions; passed on, so that this file is one chunk of its own. */
export interface ConsoleRegistration {
  readonly app: typeof Functions.app;
  readonly worker: Pick<typeof Worker, 'invocationFrom' | 'postern'>;
}

/**
 * Registers the console's only function. Anyone may call it: the app itself verifies who asks, by a token
 * that only the tenant can sign.
 */
export function registerConsole({ app, worker }: ConsoleRegistration): void {
  app.http('console', {
    route: 'console/{*path}',
    methods: ['GET', 'POST'],
    authLevel: 'anonymous',
    handler: createHandler(worker),
  });
}

/** Creates the handler of requests for the page, and for the API behind it. */
function createHandler({ invocationFrom, postern }: ConsoleRegistration['worker']): Functions.HttpHandler {
  return async (request, context) => {
    const { status, headers, body } = await postern.answerConsole(
      {
        method: request.method,
        url: new URL(request.url),
        header: (name) => request.headers.get(name) ?? undefined,
        body: async () => new Uint8Array(await request.arrayBuffer()),
      },
      invocationFrom(context),
    );
    return { status, headers, ...(body === undefined ? {} : { body }) };
  };
}
