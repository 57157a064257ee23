import { parseArgs } from 'node:util';
import { numberOf } from '../lib/cli-options';
import { somebodyElse, startLocalAzure } from './index';

/** Runs the local Azure alone until SIGINT or SIGTERM. Prints one line of JSON when it is ready. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8443' },
      'identity-port': { type: 'string', default: '8444' },
      'cert-out': { type: 'string', default: 'local-azure.pem' },
      speed: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      webhook: { type: 'string', multiple: true, default: [] },
    },
  });
  const azure = await startLocalAzure({
    port: numberOf('--port', values.port),
    identityPort: numberOf('--identity-port', values['identity-port']),
    certFile: values['cert-out'],
    speed: numberOf('--speed', values.speed),
    seed: numberOf('--seed', values.seed),
    // People sign in with their own identity, as in `npm start`.
    identity: { userAssigned: [somebodyElse] },
    eventGrid: { subscriptions: values.webhook.map((url) => ({ url })) },
  });
  const { armUrl, identityUrl, certFile, environment } = azure;
  console.log(JSON.stringify({ armUrl, identityUrl, certFile, environment }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void azure.close());
  }
}

main().catch((error: unknown) => {
  console.error(`The local Azure did not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
