import { inspect } from 'node:util';
import type { InvocationRequest, InvocationResponse } from './rpc';
import type { AppRegistry, RegisteredFunction } from './core';
import type { CoreInvocationContext, FunctionCallback, HookContext } from './core-types';

/**
 * Runs one invocation in the order of the real worker: arguments, pre-invocation hooks, handler,
 * post-invocation hooks, response. Rejects with the error of any of them.
 */
export async function invoke(
  app: AppRegistry,
  functionName: string,
  request: InvocationRequest,
): Promise<InvocationResponse> {
  const registered = app.functions.get(functionName.toLowerCase());
  if (registered === undefined || app.model === undefined) {
    throw new Error(`The worker has no function "${functionName}".`);
  }
  const { core, attach } = coreContext(app, registered, request);
  const model = await app.model.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  attach(context);

  core.state = 'preInvocationHooks';
  const shared = { hookData: {}, appHookData: app.appHookData, invocationContext: context };
  const before: HookContext = { ...shared, inputs, functionCallback: registered.callback };
  for (const hook of app.hooks('preInvocation')) await hook(before);

  core.state = 'invocation';
  const args = before['inputs'] as unknown[];
  const after: HookContext = { ...shared, inputs: args, result: null, error: null };
  try {
    after['result'] = await model.invokeFunction(
      context,
      args,
      before['functionCallback'] as FunctionCallback,
    );
  } catch (error) {
    after['error'] = error ?? new Error('The function failed without an error.');
  }

  core.state = 'postInvocationHooks';
  for (const hook of app.hooks('postInvocation')) await hook(after);
  if (after['error'] !== null && after['error'] !== undefined) throw asError(after['error']);
  return model.getResponse(context, after['result']);
}

function coreContext(
  app: AppRegistry,
  registered: RegisteredFunction,
  request: InvocationRequest,
): { readonly core: CoreInvocationContext; readonly attach: (context: unknown) => void } {
  const { name, bindings } = registered.metadata;
  const origin = {
    functionName: name,
    invocationId: request.invocationId,
    invocationContext: undefined as unknown,
  };
  const core: CoreInvocationContext = {
    invocationId: request.invocationId,
    request,
    metadata: { name, bindings },
    log: (level, category, message) => app.log(level, category, message, origin),
  };
  return { core, attach: (context) => (origin.invocationContext = context) };
}

/** Converts anything that a handler throws to an Error. */
function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(typeof thrown === 'string' ? thrown : inspect(thrown));
}
