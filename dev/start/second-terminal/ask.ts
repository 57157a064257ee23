import { fixFor } from '../../../src/base/did-you-mean';
import { UsageError } from '../../lib/cli-options';
import { fitText } from '../../lib/terminal-text';
import { subscriptions } from '../world';
import { sendToArm, type ArmReply } from './arm-client';
import type { Running } from './running-file';

/** A connection to ask for. */
export interface Wanted {
  /** The name of the target. */
  readonly target: string;
  /** The name of the endpoint. Default: the first of `pe-mine`, `pe-mine-2` … that is not in use. */
  readonly name: string | undefined;
  readonly message: string;
  /** The subscription of the endpoint. */
  readonly subscription: string | undefined;
}

interface Target {
  readonly id: string;
  readonly name: string;
  readonly properties?: {
    readonly privateEndpointConnections?: readonly {
      readonly properties?: { readonly privateEndpoint?: { readonly id?: string } };
    }[];
  };
}

/** Azure's rule for the names of private endpoints. */
const endpointName = /^[a-z0-9]([\w.-]{0,78}\w)?$/i;
const endpointNameRule = 'at most 80 letters, digits, `.`, `_` and `-`, beginning with a letter or digit';

/**
 * Makes a private endpoint that requests a connection to a target of the running local Azure, and returns what to
 * print.
 * @throws UsageError if the target is unknown, with the likely name, or if ARM refuses the endpoint.
 */
export async function ask(running: Running, wanted: Wanted): Promise<string> {
  const { body } = await sendToArm(running, { method: 'GET', path: '/_local/state' });
  const { targets } = body as { readonly targets: readonly Target[] };
  const target = targetOf(targets, wanted.target);
  const name = wanted.name ?? freeName(targets);
  if (!endpointName.test(name)) throw new UsageError(`--name takes ${endpointNameRule}`);
  const reply = await sendToArm(running, putOf(target, { ...wanted, name }));
  if (reply.status >= 300) throw new UsageError(refusalOf(reply));
  return `${name} asks ${target.name}: "${fitText(wanted.message, 140)}". The terminal of \`npm start\` shows what happens.`;
}

function targetOf(targets: readonly Target[], wanted: string): Target {
  const target = targets.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (target !== undefined) return target;
  const names = targets.map(({ name }) => name);
  throw new UsageError(fitText(`No target is named "${wanted}": ${fixFor(wanted, names)}`, 2_000));
}

function freeName(targets: readonly Target[]): string {
  const used = new Set(
    targets
      .flatMap(({ properties }) => properties?.privateEndpointConnections ?? [])
      .map(({ properties }) => properties?.privateEndpoint?.id?.split('/').at(-1)?.toLowerCase()),
  );
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'pe-mine' : `pe-mine-${number}`;
    if (!used.has(name)) return name;
  }
}

function putOf(target: Target, { name, message, subscription }: Wanted & { readonly name: string }) {
  const group = `/subscriptions/${subscription ?? subscriptions.applications}/resourceGroups/mine`;
  const id = `${group}/providers/Microsoft.Network/privateEndpoints/${name}`;
  const connection = { privateLinkServiceId: target.id, groupIds: [], requestMessage: message };
  return {
    method: 'PUT',
    path: `${id}?api-version=2024-05-01`,
    body: {
      location: 'westeurope',
      properties: { manualPrivateLinkServiceConnections: [{ name, properties: connection }] },
    },
  };
}

function refusalOf({ status, body }: ArmReply): string {
  const { error } = (body ?? {}) as {
    readonly error?: { readonly code?: string; readonly message?: string };
  };
  return fitText(
    `ARM refuses the endpoint: HTTP ${status} ${error?.code ?? ''} ${error?.message ?? ''}`,
    1_000,
  );
}
