import { loadPolicy } from '../../../src/policy/compile-policy';
import type { AnswerRequest, ConnectionView } from '../../../src/console/api';
import { auditWithIndex } from '../../../src/console/index/indexing-audit-log';
import { takeAnswer } from '../../../src/console/answers/take-answer';
import { withdrawAnswer } from '../../../src/console/answers/withdraw-answer';
import { createReadQuestion } from '../../../src/console/question/question';
import { createReadTarget } from '../../../src/console/question/read-target';
import { createView } from '../../../src/console/question/view';
import type { Person } from '../../../src/console/sign-in/person';
import type { ConsoleRole } from '../../../src/console/api';
import { connectionIdOf } from '../../../src/connections/resource-id';
import { FakeConsoleIndex } from '../fakes/fake-console-index';
import { createRig, reviewPortsOf, type RigOptions } from '../rigs/rig';

export const ada = 'aaaaaaaa-0000-4000-8000-000000000001';
export const bob = 'bbbbbbbb-0000-4000-8000-000000000002';

const allRoles: readonly ConsoleRole[] = ['Postern.Viewer', 'Postern.Approver', 'Postern.Operator'];

export function person(oid: string, changes: Partial<Person> = {}): Person {
  const name = oid === ada ? 'Ada' : oid === bob ? 'Bob' : 'Somebody';
  return { oid, name, roles: new Set(allRoles), groups: new Set(), tokenId: `token-of-${name}`, ...changes };
}

/** A policy that holds everything, and lets everybody answer. */
export const openPolicy = 'console: { approve: [role], reject: [role], delete: [role] }\n';

/** Returns a loaded policy. */
export function policyLoad(text: string, mode = 'enforce') {
  const load = loadPolicy([{ path: 'a.yaml', text: `version: 1\nmode: ${mode}\n${text}` }]);
  if (load.kind !== 'loaded') throw new Error(load.problems.map(({ message }) => message).join('\n'));
  return load;
}

export const reason = 'CHG1234567: agreed with the owner';

/** All use cases over fakes, a real policy, and the console's use cases. */
export function createConsoleRig(policyText = openPolicy, options: RigOptions = {}) {
  const rig = createRig(options);
  rig.load.current = policyLoad(policyText);
  rig.arm.appliesWrites = true;
  const policy = { current: async () => rig.load.current };
  const index = new FakeConsoleIndex();
  const audit = auditWithIndex(rig.audit, { index, clock: rig.clock, logger: rig.logger });
  const ports = { ...reviewPortsOf(rig), audit, policy };
  const readTarget = createReadTarget(ports);
  const readQuestion = createReadQuestion({ ...ports, readTarget });
  const view = createView();
  const answerPorts = { ...ports, readQuestion, view };
  const idOf = (name: string) => connectionIdOf(rig.target, name);
  return {
    ...rig,
    index,
    ports: answerPorts,
    /** Changes the policy in force. */
    adopt(text: string, mode?: string): void {
      rig.load.current = policyLoad(text, mode);
    },
    /** Asks for a review, and runs until it is done. */
    async review(seconds = 1): Promise<void> {
      await rig.reviews.put(rig.request(), 0);
      await rig.run(seconds);
    },
    async look(name: string, who: Person = person(ada)): Promise<ConnectionView> {
      return view(await readQuestion(idOf(name)), who);
    },
    /** Answers what a person has looked at. */
    answer(seen: ConnectionView, who: Person = person(ada), changes: Partial<AnswerRequest> = {}) {
      const request: AnswerRequest = {
        id: seen.connection.id,
        decisionId: seen.decisionId ?? '0'.repeat(32),
        seen: seen.seen,
        effect: 'approve',
        reason,
        ...changes,
      };
      return takeAnswer(answerPorts, { id: idOf(seen.connection.name), person: who, request });
    },
    withdraw(seen: ConnectionView, who: Person = person(ada)) {
      const decisionId = seen.decisionId ?? '';
      return withdrawAnswer(answerPorts, { id: idOf(seen.connection.name), decisionId, person: who });
    },
    kinds: (): string[] => rig.ledger.records.map(({ kind }) => kind),
    row: (name: string) => rig.operations.rows(rig.target).find((row) => row.connection.name === name),
  };
}

export type ConsoleRig = ReturnType<typeof createConsoleRig>;
