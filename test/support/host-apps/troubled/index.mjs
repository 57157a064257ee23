// An app that is broken in the way that TROUBLE names.
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { app } from '@azure/functions';

const trouble = process.env.TROUBLE;
const handler = () => undefined;

if (trouble === 'before') throw new Error('no policy here');
if (trouble !== 'none-registered') app.http('fine', { handler });
if (trouble === 'after') throw new Error('half registered');
if (trouble === 'exit') process.exit(3);
if (trouble === 'streaming') app.setup({ enableHttpStream: true });
if (trouble === 'duplicate') app.http('FINE', { handler });
if (trouble === 'name') app.http('1st', { handler });
if (trouble === 'appStart') {
  app.hook.appStart(() => {
    throw new Error('appStart refused');
  });
}
if (trouble === 'bindings') {
  app.storageBlob('onBlob', { path: 'a/b', connection: '', handler });
  app.storageQueue('onMissing', { queueName: '%NOT_SET%', connection: '', handler });
}
if (trouble === 'schedule') app.timer('onTime', { schedule: '0 0\t* * * *', handler });
if (trouble === 'gate') while (!existsSync(process.env.GATE)) await sleep(20);
if (trouble === 'route') app.http('routed', { route: '{id:regex(x)}', handler });
