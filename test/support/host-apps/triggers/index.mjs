// An app with one function of each kind. It logs its inputs as `<function> {json}`.
import { app, output } from '@azure/functions';

const logValue = (context, value) => context.log(`${context.functionName} ${JSON.stringify(value)}`);
const orders = output.storageQueue({ queueName: 'orders-%SUFFIX%', connection: '' });

let started = false;
app.hook.appStart(async (hook) => {
  await new Promise((resolve) => setImmediate(resolve));
  hook.hookData.started = started = true;
});
app.hook.preInvocation((hook) => {
  hook.hookData.first = hook.inputs[0];
});
app.hook.postInvocation((hook) => {
  if (hook.result === 'replace me') hook.result = `replaced, started ${started}`;
  if (hook.inputs[0] !== hook.hookData.first) throw new Error('hookData was not shared');
});
app.hook.appTerminate((hook) => console.log(`terminated, started ${hook.hookData.started}`));

const held = [];

app.eventGrid('onEvent', {
  handler: async (event, context) => {
    logValue(context, {
      event,
      data: context.triggerMetadata?.data,
      subject: context.triggerMetadata?.subject,
    });
    if (event.data?.fail) throw new Error(`refused ${event.id}`);
  },
});

app.storageQueue('onWork', {
  queueName: 'work-%SUFFIX%',
  connection: '',
  return: output.storageQueue({ queueName: 'returned', connection: 'OTHER' }),
  extraOutputs: [orders],
  handler: async (message, context) => {
    logValue(context, { message, type: typeof message, metadata: context.triggerMetadata });
    const { dequeueCount } = context.triggerMetadata;
    if (message.fail) throw new Error('work failed');
    if (message.crash && dequeueCount === 1) {
      void Promise.reject(new Error('floating'));
      await new Promise(() => undefined);
    }
    if (message.exit && dequeueCount === 1) process.exit(0);
    if (message.hold) await new Promise((resolve) => held.push(resolve));
    if (message.release) for (const letGo of held.splice(0)) letGo();
    if (message.orders) context.extraOutputs.set(orders, message.orders);
    return message.result;
  },
});

app.timer('onTime', {
  schedule: '%SCHEDULE%',
  runOnStartup: false,
  handler: async (timer, context) => logValue(context, timer),
});

app.timer('neverRuns', { schedule: '0 0 0 1 1 *', handler: () => undefined });

app.http('greet', {
  route: 'greet/{name:alpha}/{times:int?}',
  methods: ['GET', 'POST'],
  authLevel: 'function',
  handler: async (request) => ({
    status: 201,
    headers: { 'x-body': await request.text() },
    cookies: [{ name: 'seen', value: 'yes', path: '/', sameSite: 'Lax', httpOnly: true }],
    jsonBody: { params: request.params, tag: request.query.get('tag'), url: request.url },
  }),
});

app.http('environment', {
  handler: () => ({ jsonBody: { env: process.env, cwd: process.cwd() } }),
});

app.http('breaks', {
  handler: () => {
    throw new Error('secret detail');
  },
});

app.http('secret', { authLevel: 'admin', handler: () => ({ body: 'open' }) });

app.get('nothing', { route: 'nothing', handler: () => undefined });
