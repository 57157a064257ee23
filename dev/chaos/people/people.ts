import type { AnswerEffect, ConsoleRole } from '../../../src/console/api';
import type { LocalPerson } from '../../console/people';
import type { Requester, Trait } from '../plan/expected-answers';

function person(number: number, name: string, roles: readonly ConsoleRole[]): LocalPerson {
  const oid = `0a000000-0000-4000-8000-00000000010${number}`;
  return { oid, name, userName: `${name.toLowerCase()}@example.test`, roles };
}

const answering = ['Postern.Viewer', 'Postern.Approver'] as const;

const ada = person(1, 'Ada', answering);
const bob = person(2, 'Bob', answering);
/** May approve, and nothing else. */
const cleo = person(3, 'Cleo', answering);
/** May look, and tries to answer all the same. */
const dan = person(4, 'Dan', ['Postern.Viewer']);

/** The people of a run, the most frequent first. */
export const answerers: readonly LocalPerson[] = [ada, bob, cleo, dan];

/** The pairs who answer together what two people must answer. */
export const pair: readonly [LocalPerson, LocalPerson] = [ada, bob];

/** Returns the key `console` of the policy. */
export function consoleText(): string {
  const named = [ada, bob].map(({ oid }) => oid).join(', ');
  return `console:
  approve: [role]
  reject: [${named}]
  delete: [${named}]
  answersPerHour: { person: 200, all: 500 }
`;
}

/** What the rules that hold say about answers, by the rule's name. */
export const ruleConsoles: Readonly<Record<string, string>> = {
  quarantined: '{ needed: 2 }',
  frozen: 'never',
};

/** Returns whether the policy lets a person answer. Written by hand, without the app's code. */
export function mayAnswer({ oid, roles }: LocalPerson, effect: AnswerEffect, trait: Trait): boolean {
  if (trait === 'frozen' || !roles.includes('Postern.Approver')) return false;
  return effect === 'approve' || [ada.oid, bob.oid].includes(oid);
}

/** Returns how many people must give the same answer. */
export function neededFor(requester: Requester): 1 | 2 {
  return requester === 'quarantined' ? 2 : 1;
}
