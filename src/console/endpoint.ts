import { PosternError } from '../base/errors';
import { type EndpointId, parseEndpointId } from '../connections/resource-id';

/** Parses the id of an endpoint; `undefined` for any other text. */
export function parseEndpoint(text: string | undefined): EndpointId | undefined {
  try {
    return text === undefined ? undefined : parseEndpointId(text);
  } catch (error) {
    if (error instanceof PosternError) return undefined;
    throw error;
  }
}
