import {
  type AnswerEffect,
  isAmong,
  namesIds,
  type WhoMay,
  whoMayAnswer,
} from '../../policy/answers/answer-policy';
import { refusalOf } from '../../review/judge/person-answer';
import type { ErrorCode } from '../api';
import type { Person } from '../sign-in/person';
import type { Question } from './question';

/** Whether a person may answer in one way, and with how many others; or why not. */
export type Permission =
  | { readonly kind: 'yes'; readonly needed: number }
  | { readonly kind: 'no'; readonly code: ErrorCode; readonly why: string };

/** Tells whether a person may answer a question in one way, whatever has been answered before. Pure. */
export function permissionFor(question: Question, person: Person, effect: AnswerEffect): Permission {
  const { decision, policy, stored, unclear } = question;
  if (!person.roles.has('Postern.Approver')) return no('FORBIDDEN', 'You need the role Postern.Approver.');
  if (decision?.effect !== 'hold') return no('NOT_HELD', 'This connection does not wait for a person.');
  if (decision.mode !== 'enforce')
    return no('AUDIT_MODE', 'Postern is in audit mode: it records decisions and changes nothing in Azure.');
  if (stored?.operation?.state === 'running')
    return no('ANSWERED', 'A write to this connection is under way.');
  if (unclear !== undefined) return no('NOT_HELD', `Nothing can be decided at present: ${unclear}`);
  const refusal = refusalOf({ effect }, question);
  if (refusal !== undefined) return no('NOT_HELD', `${refusal}.`);
  const may = whoMayAnswer(policy.answers, decision, effect);
  if (may.kind === 'nobody') return no(may.isHard ? 'NEVER' : 'NOT_YOURS', sentence(may.why));
  return isAmong(may, principalsOf(person)) ? { kind: 'yes', needed: may.needed } : notAmong(may, person);
}

/** Returns the ids by which a policy may name a person. Groups that the token has no room for are unknown. */
export function principalsOf({ oid, groups }: Pick<Person, 'oid' | 'groups'>): ReadonlySet<string> {
  return new Set([oid, ...(groups ?? [])]);
}

function notAmong(may: Extract<WhoMay, { kind: 'people' }>, { groups }: Person): Permission {
  return groups === undefined && namesIds(may)
    ? no('NOT_YOURS', 'You are in too many groups for your sign-in to list them, so they count for nothing.')
    : no('NOT_YOURS', 'The policy lets other people answer this.');
}

function sentence(why: string): string {
  return `${why.charAt(0).toUpperCase()}${why.slice(1)}.`;
}

function no(code: ErrorCode, why: string): Permission {
  return { kind: 'no', code, why };
}
