// An app that fails in the way that FAILURE names.
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { app } from '@azure/functions';

const failure = process.env.FAILURE;
const handler = () => undefined;

if (failure === 'before') throw new Error('no policy here');
if (failure !== 'none-registered') app.http('fine', { handler });
if (failure === 'after') throw new Error('half registered');
if (failure === 'exit') process.exit(3);
if (failure === 'streaming') app.setup({ enableHttpStream: true });
if (failure === 'duplicate') app.http('FINE', { handler });
if (failure === 'name') app.http('1st', { handler });
if (failure === 'appStart') {
  app.hook.appStart(() => {
    throw new Error('appStart refused');
  });
}
if (failure === 'bindings') {
  app.storageBlob('onBlob', { path: 'a/b', connection: '', handler });
  app.storageQueue('onMissing', { queueName: '%NOT_SET%', connection: '', handler });
}
if (failure === 'schedule') app.timer('onTime', { schedule: '0 0\t* * * *', handler });
if (failure === 'gate') while (!existsSync(process.env.GATE)) await sleep(20);
if (failure === 'route') app.http('routed', { route: '{id:regex(x)}', handler });
