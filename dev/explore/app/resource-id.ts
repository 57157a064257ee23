// Stands in for `src/connections/resource-id.ts` in the bundle of the explorer, where the same few ids are parsed
// thousands of times.
import * as real from '../../../src/connections/resource-id';
import { frozen, remembering } from './memory';

export * from '../../../src/connections/resource-id';

export const idKey = remembering(real.idKey);
export const parseResourceId = remembering((text) => frozen(real.parseResourceId(text)));
export const parseTargetId = remembering((text) => frozen(real.parseTargetId(text)));
export const parseConnectionId = remembering((text) => frozen(real.parseConnectionId(text)));
export const parseEndpointId = remembering((text) => frozen(real.parseEndpointId(text)));
