import type { ConsoleIndex } from '../../../../src/console/index/console-index';
import type { CrashWorld } from '../crash-world';
import type { KillSwitch } from '../kill-switch';

/** Returns the console's index as one process calls it. */
export function indexPort({ index }: CrashWorld, killSwitch: KillSwitch): ConsoleIndex {
  return {
    change: (changes) => {
      const some = changes.slice(0, Math.ceil(changes.length / 2));
      const half = changes.length < 2 ? undefined : () => index.change(some);
      return killSwitch.call({ step: 'index changed', work: () => index.change(changes), half });
    },
    addEnds: (ends) => killSwitch.call({ step: 'index ends added', work: () => index.addEnds(ends) }),
    open: (...range) => killSwitch.call({ step: 'index read', work: () => index.open(...range) }),
    count: (...states) => killSwitch.call({ step: 'index read', work: () => index.count(...states) }),
    recent: (...range) => killSwitch.call({ step: 'index read', work: () => index.recent(...range) }),
    forgetDay: (...day) => killSwitch.call({ step: 'index cleaned', work: () => index.forgetDay(...day) }),
  };
}
