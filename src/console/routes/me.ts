import type { Clock } from '../../base/clock';
import { sanitize } from '../../base/text';
import type { PolicyLoad, PolicyProblem, PolicySource } from '../../policy/policy';
import type { SweepJournal } from '../../review/sweep/journal';
import type { Me } from '../api';
import { jsonReply } from '../http/message';
import type { Route } from '../http/route';

/** The ports of `createMeRoute`. */
export interface MePorts {
  readonly policy: PolicySource;
  readonly journal: Pick<SweepJournal, 'read'>;
  readonly clock: Clock;
}

/** Creates the route that tells the page who is signed in, and whether Postern works at present. */
export function createMeRoute({ policy, journal, clock }: MePorts): Route {
  return {
    method: 'GET',
    role: 'any',
    async answer(_request, { oid, name, roles }) {
      const { last } = await journal.read();
      const me: Me = {
        oid,
        name,
        roles: [...roles],
        ...policyFields(await policy.current()),
        ...(last === undefined ? {} : { lastSweepAt: last.finishedAt }),
        now: clock.now().toISOString(),
      };
      return jsonReply(200, me);
    },
  };
}

function policyFields(load: PolicyLoad): Pick<Me, 'mode' | 'policyDigest' | 'suspended' | 'refused'> {
  if (load.kind === 'refused') return { suspended: problemText(load.problems) };
  const { mode, digest } = load.policy;
  const { refusedUpdate } = load;
  return {
    mode,
    policyDigest: digest,
    ...(refusedUpdate === undefined ? {} : { refused: problemText(refusedUpdate.problems) }),
  };
}

function problemText([first]: readonly PolicyProblem[]): string {
  return first === undefined ? 'unknown' : sanitize(`${first.path}:${first.line}: ${first.message}`, 500);
}
