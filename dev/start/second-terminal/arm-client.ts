import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { person } from '../world';
import type { Running } from './running-file';

/** A reply of the local Azure. */
export interface ArmReply {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Sends a request to the running local Azure as the sample person, over TLS.
 * @throws Error if nothing answers within ten seconds.
 */
export async function sendToArm(
  running: Running,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body?: object },
): Promise<ArmReply> {
  const headers = {
    authorization: `Bearer ${await tokenOf(running)}`,
    'content-type': 'application/json',
  };
  const ca = await readFile(running.certFile);
  const signal = AbortSignal.timeout(10_000);
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, running.armUrl), { method, headers, ca, signal }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.once('error', reject);
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text) });
      });
    });
    call.once('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function tokenOf({ identityUrl, identitySecret }: Running): Promise<string> {
  const query = new URLSearchParams({
    'api-version': '2019-08-01',
    resource: 'https://management.azure.com',
    client_id: person.appId,
  });
  const response = await fetch(`${identityUrl}?${query.toString()}`, {
    headers: { 'x-identity-header': identitySecret },
    signal: AbortSignal.timeout(10_000),
  });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`The identity endpoint answered ${response.status}`);
  return token;
}
