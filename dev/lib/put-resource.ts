import type { LocalAzure, Principal } from '../azure';

/**
 * Creates or changes a resource through ARM.
 * @throws Error if the local Azure refuses it or cuts the connection.
 */
export async function putResource(
  { control }: Pick<LocalAzure, 'control'>,
  principal: Principal,
  { id, apiVersion, body }: { readonly id: string; readonly apiVersion: string; readonly body: object },
): Promise<void> {
  const reply = await control.send(principal, 'PUT', `${id}?api-version=${apiVersion}`, body as never);
  const status = reply.kind === 'reset' ? 'a reset' : reply.status;
  if (reply.kind === 'reset' || reply.status >= 300)
    throw new Error(`The local Azure answered PUT ${id} with ${status}`);
}
