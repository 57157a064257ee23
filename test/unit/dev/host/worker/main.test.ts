import { AppRegistry } from '../../../../../dev/host/worker/core';
import type { InvocationModel, ProgrammingModel } from '../../../../../dev/host/worker/core-types';
import { globToRegExp } from '../../../../../dev/host/worker/entry-files';
import { invoke } from '../../../../../dev/host/worker/invoke';
import type { InvocationRequest } from '../../../../../dev/host/worker/rpc';

test('hooks run in order around the handler and may change inputs, handler and result', async () => {
  const { app, core, steps } = rig();
  core.registerHook('preInvocation', async (hook) => {
    steps.push('pre 1');
    hook['inputs'] = ['changed'];
    Object.assign(hook['hookData'] as object, { seen: 1 });
  });
  core.registerHook('preInvocation', (hook) => {
    steps.push('pre 2');
    hook['functionCallback'] = (input: unknown) => `${String(input)} by another handler`;
  });
  core.registerHook('postInvocation', (hook) => {
    steps.push(`post ${JSON.stringify(hook['hookData'])}`);
    hook['result'] = `${String(hook['result'])}, and after`;
  });
  const response = await invoke(app, 'WORK', request);
  expect(steps).toEqual(['pre 1', 'pre 2', 'post {"seen":1}']);
  expect(response.returnValue?.string).toBe('changed by another handler, and after');
});

test('a post-invocation hook may forgive a failure', async () => {
  const { app, core } = rig(() => Promise.reject(new Error('bad')));
  await expect(invoke(app, 'work', request)).rejects.toThrow('bad');
  core.registerHook('postInvocation', (hook) => {
    hook['error'] = null;
    hook['result'] = 'forgiven';
  });
  expect((await invoke(app, 'work', request)).returnValue?.string).toBe('forgiven');
});

test('a throwing hook fails the invocation', async () => {
  const { app, core, steps } = rig();
  const hook = core.registerHook('preInvocation', () => {
    throw new Error('hook refused');
  });
  await expect(invoke(app, 'work', request)).rejects.toThrow('hook refused');
  expect(steps).toEqual([]);
  hook.dispose();
  expect((await invoke(app, 'work', request)).returnValue?.string).toBe('handled');
});

test('whatever a handler throws fails the invocation', async () => {
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- plain JavaScript may do this
  const { app } = rig(() => Promise.reject());
  await expect(invoke(app, 'work', request)).rejects.toThrow('without an error');
});

test('after the start nothing can be registered, set or disposed of', () => {
  const { app, core, disposable } = rig();
  app.lock();
  expect(() => core.registerFunction({ name: 'late', bindings: {} }, () => 0)).toThrow('start-up');
  expect(() => disposable.dispose()).toThrow('start-up');
  expect(() => core.setProgrammingModel(fakeModel())).toThrow('start-up');
  expect([...app.functions.keys()]).toEqual(['work']);
});

test.each(['host', 'HOST', '1a', 'a b', 'x'.repeat(129), ''])('"%s" is no function name', (name) => {
  const { core } = rig();
  expect(() => core.registerFunction({ name, bindings: {} }, () => 0)).toThrow('not a valid function name');
});

test('an unknown hook is refused', () => {
  expect(() => rig().core.registerHook('beforeAll', () => 0)).toThrow(RangeError);
});

test('log hooks change lines of the user only, and their failures are lost', () => {
  const { app, core, lines } = rig();
  core.registerHook('log', (hook) => {
    hook['message'] = `seen: ${String(hook['message'])}`;
    throw new Error('lost');
  });
  app.log('information', 'user', 'mine');
  app.log('information', 'system', 'yours');
  expect(lines).toEqual(['seen: mine', 'yours']);
});

test.each([
  ['dist/app.mjs', 'dist/app.mjs', true],
  ['dist/app.mjs', 'dist/appXmjs', false],
  ['dist/*.js', 'dist/a.js', true],
  ['dist/*.js', 'dist/deep/a.js', false],
  ['dist/**/*.js', 'dist/a.js', true],
  ['dist/**/*.js', 'dist/very/deep/a.js', true],
  ['{index.js,functions/*.js}', 'functions/a.js', true],
  ['{index.js,functions/*.js}', 'other/a.js', false],
  ['a?.js', 'ab.js', true],
])('the glob "%s" on %s: %s', (glob, path, expected) => {
  expect(globToRegExp(glob).test(path)).toBe(expected);
});

const request: InvocationRequest = {
  invocationId: 'i-1',
  functionId: 'work',
  inputData: [{ name: 'trigger', data: { string: 'given' } }],
  triggerMetadata: {},
  traceContext: { traceParent: '', traceState: '', attributes: {} },
};

function rig(handler: () => unknown = () => 'handled') {
  const lines: string[] = [];
  const app = new AppRegistry(({ message }) => lines.push(message));
  const core = app.coreApi('4.0');
  core.setProgrammingModel(fakeModel());
  const disposable = core.registerFunction({ name: 'work', bindings: {} }, handler);
  return { app, core, lines, disposable, steps: [] as string[] };
}

/** A programming model that gives the trigger's text to the handler and returns its result as text. */
function fakeModel(): ProgrammingModel {
  const getInvocationModel: ProgrammingModel['getInvocationModel'] = (core): InvocationModel => ({
    getArguments: async () => ({ context: {}, inputs: [core.request.inputData[0]?.data.string] }),
    invokeFunction: async (context, inputs, callback) => callback(...inputs, context),
    getResponse: async (_context, result) => ({ returnValue: { string: String(result) } }),
  });
  return { name: 'fake', version: '1', getInvocationModel };
}
