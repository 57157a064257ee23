import type { Decision } from '../decision';
import { answerEffects, type Answerers, type AnswerPolicy, type WhoMay, whoMayAnswer } from './answer-policy';

/** Describes who may answer, for people: `whoever has the role Postern.Approver; two must agree`. */
export function whoText(may: WhoMay): string {
  if (may.kind === 'nobody') return `nobody: ${may.why}`;
  const lists = [...new Set(may.lists.map(listText))].join(', and at the same time ');
  return may.needed === 1 ? lists : `${lists}; two must agree`;
}

/**
 * Describes who may answer a decision in the console, one line for each answer that the status allows.
 * Empty unless the decision holds the connection.
 */
export function answerLines(
  answers: AnswerPolicy | undefined,
  decision: Pick<Decision, 'effect' | 'outcomes'> | undefined,
  status: string,
): readonly string[] {
  if (answers === undefined || decision?.effect !== 'hold') return [];
  return answerEffects
    .filter((effect) => (effect === 'delete' ? 'disconnected' : 'pending') === status.toLowerCase())
    .map((effect) => `${effect}: ${whoText(whoMayAnswer(answers, decision, effect))}`);
}

/** Describes the answers of a whole policy in one line; `nobody` if it has no `console`. */
export function answersText(answers: AnswerPolicy | undefined): string {
  if (answers === undefined) return 'nobody';
  const lists = answerEffects.map((effect) => `${effect} ${listText(answers.lists.get(effect))}`);
  const { reason, perHour, rules } = answers;
  const own = [...rules].map(([rule, says]) => {
    if (says === 'never') return `${rule} never`;
    const parts = [...says.lists].map(([effect, list]) => `${effect} ${listText(list)}`);
    return `${rule} ${[...parts, `${says.needed} needed`].join(', ')}`;
  });
  return [
    ...lists,
    ...(reason === undefined ? [] : [`reason ${reason.source}`]),
    `${perHour.person} an hour each, ${perHour.all} in all`,
    ...own.toSorted(),
  ].join('; ');
}

function listText(list: Answerers | undefined): string {
  if (list === undefined || (!list.anyApprover && list.ids.size === 0)) return 'nobody';
  return list.anyApprover ? 'whoever has the role Postern.Approver' : [...list.ids].toSorted().join(' or ');
}
