import type { ConnectionStore } from '../../connections/connection-store';
import { ArmError } from '../../base/errors';

/** The same connections, but nothing can be written through it: a write fails before anything is sent. */
export function createReadOnlyStore(store: ConnectionStore): ConnectionStore {
  return {
    list: (target) => store.list(target),
    get: (id) => store.get(id),
    write: () => Promise.reject(new ArmError('ARM_REFUSED', 'the tools only read: nothing was sent')),
  };
}
