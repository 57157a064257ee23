import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { messageOf } from './errors';
import { formatLogLine } from './log-line';
import { readLocalSettings } from './settings';
import { startHost } from './start-host';

/** Runs one app until Ctrl-C: `node host.mjs --app DIR --port N [--settings local.settings.json]`. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      app: { type: 'string', default: '.' },
      port: { type: 'string', default: '7071' },
      settings: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const extraCa = process.env['NODE_EXTRA_CA_CERTS'];
  const host = await startHost({
    appDirectory: values.app,
    port: Number(values.port),
    settings: values.settings === undefined ? {} : readLocalSettings(values.settings),
    env: extraCa === undefined ? {} : { NODE_EXTRA_CA_CERTS: extraCa },
    workerPath: fileURLToPath(new URL('./host-worker.mjs', import.meta.url)),
    onLog: (line) => {
      if (values.verbose || (line.level !== 'debug' && line.level !== 'trace')) print(formatLogLine(line));
    },
  });
  print(`Listening on ${host.url}`);
  print(`Event Grid: ${host.url}/runtime/webhooks/eventgrid?functionName=<name>&code=${host.systemKey}`);
  print(`Master key: ${host.masterKey}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void host.close());
  const reason = await host.ended;
  return reason === 'stopped' ? 0 : 1;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  },
);
