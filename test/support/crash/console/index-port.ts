import type { ConsoleIndex } from '../../../../src/console/index/console-index';
import type { Change } from '../../../../src/console/index/entries';
import type { CrashWorld } from '../crash-world';
import type { KillSwitch } from '../kill-switch';

/** Returns the console's index as one process calls it. */
export function indexPort({ index }: CrashWorld, killSwitch: KillSwitch): ConsoleIndex {
  return {
    change: (changes) => {
      const half = (): Promise<void> => index.change(halfOf(changes));
      return killSwitch.call({ step: 'index changed', work: () => index.change(changes), half });
    },
    addEnds: (ends) => killSwitch.call({ step: 'index ends added', work: () => index.addEnds(ends) }),
    open: (...range) => killSwitch.call({ step: 'index read', work: () => index.open(...range) }),
    count: (...states) => killSwitch.call({ step: 'index read', work: () => index.count(...states) }),
    recent: (...range) => killSwitch.call({ step: 'index read', work: () => index.recent(...range) }),
    forgetDay: (...day) => killSwitch.call({ step: 'index cleaned', work: () => index.forgetDay(...day) }),
  };
}

/** Returns the first half of some changes. Of the one in work only the old entry is gone: the worst that can happen. */
function halfOf(changes: readonly Change[]): readonly Change[] {
  const some = changes.slice(0, Math.floor(changes.length / 2));
  const next = changes[some.length];
  if (next === undefined) return some;
  const key = next.kind === 'remove' ? next.key : next.entry.key;
  return [...some, { kind: 'remove', key }];
}
