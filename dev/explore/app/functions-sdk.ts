// Stands in for `@azure/functions` in the bundle of the explorer: it keeps what the app registers.

// The function for outcome events is registered only where there is a topic; whether a world has one is drawn.
process.env['EVENT_TOPIC_ENDPOINT'] = 'https://outcomes.westeurope-1.eventgrid.azure.net/api/events';

/** A function as the app registers it. */
export interface RegisteredFunction {
  readonly name: string;
  readonly trigger: FunctionTrigger;
  readonly handler: (input: unknown, context: unknown) => Promise<unknown>;
}

export type FunctionTrigger =
  | { readonly kind: 'queue'; readonly queueName: string }
  | { readonly kind: 'timer'; readonly schedule: string }
  | { readonly kind: 'event' };

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
};

function register(name: string, trigger: FunctionTrigger, handler: Handler): void {
  registeredFunctions.push({ name, trigger, handler });
}
