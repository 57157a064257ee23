// Stands in for `@azure/functions` in the bundle of the explorer: it keeps what the app registers.

// The function for outcome events is registered only where there is a topic; whether a world has one is drawn.
process.env['EVENT_TOPIC_ENDPOINT'] = 'https://outcomes.westeurope-1.eventgrid.azure.net/api/events';
// The same with the console.
export const consoleSettings = {
  CONSOLE_CLIENT_ID: 'c0c0c0c0-0000-4000-8000-000000000001',
  CONSOLE_TENANT_ID: 'c0c0c0c0-0000-4000-8000-000000000002',
} as const;
Object.assign(process.env, consoleSettings);

/** A function as the app registers it. */
export interface RegisteredFunction {
  readonly name: string;
  readonly trigger: FunctionTrigger;
  readonly handler: (input: unknown, context: unknown) => Promise<unknown>;
}

export type FunctionTrigger =
  | { readonly kind: 'queue'; readonly queueName: string }
  | { readonly kind: 'timer'; readonly schedule: string }
  | { readonly kind: 'event' }
  | { readonly kind: 'http' };

/** The part of a request to an HTTP function that the app uses. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<Uint8Array>;
}

/** The reply of an HTTP function. */
export interface HttpReply {
  readonly status: number;
  readonly body?: string | Uint8Array | undefined;
}

/** The input of an HTTP function: what its handler returns is passed to `onReply`. */
export interface HttpCall {
  readonly request: HttpRequest;
  readonly onReply: (reply: HttpReply) => void;
}

/** All functions of the app, once `functions/register.ts` has been loaded. */
export const registeredFunctions: RegisteredFunction[] = [];

type Handler = RegisteredFunction['handler'];

export const app = {
  storageQueue: (name: string, { queueName, handler }: { queueName: string; handler: Handler }): void =>
    register(name, { kind: 'queue', queueName }, handler),
  timer: (name: string, { schedule, handler }: { schedule: string; handler: Handler }): void =>
    register(name, { kind: 'timer', schedule }, handler),
  eventGrid: (name: string, { handler }: { handler: Handler }): void =>
    register(name, { kind: 'event' }, handler),
  http: (name: string, { handler }: { handler: Handler }): void =>
    register(name, { kind: 'http' }, async (input, context) => {
      const { request, onReply } = input as HttpCall;
      onReply((await handler(request, context)) as HttpReply);
    }),
};

function register(name: string, trigger: FunctionTrigger, handler: Handler): void {
  registeredFunctions.push({ name, trigger, handler });
}
