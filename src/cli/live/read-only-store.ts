import type { ConnectionStore } from '../../connections/connection-store';
import { ArmError } from '../../base/errors';

/** Wraps a connection store so that it only reads. A write fails before anything is sent. */
export function createReadOnlyStore(store: ConnectionStore): ConnectionStore {
  return {
    list: (target) => store.list(target),
    get: (id) => store.get(id),
    write: () => Promise.reject(new ArmError('ARM_REFUSED', 'nothing was sent, because the tools only read')),
  };
}
