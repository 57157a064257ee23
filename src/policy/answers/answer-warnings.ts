import { answerEffects, type Answerers, type AnswerEffect } from './answer-policy';
import type { LimitedKind, PolicyProblem } from '../policy';
import type { PolicyOutline, RuleOutline } from '../analysis/rule-outline';

/** The limits that count the writes of answers. Approvals are never limited. */
const limitOf: Readonly<Partial<Record<AnswerEffect, LimitedKind>>> = {
  reject: 'rejects',
  delete: 'deletes',
};

/**
 * Finds probable mistakes about who may answer: rules whose `console` nobody can use, because no file says
 * that the console is used at all, and answers that reject or delete without a limit. Pure.
 */
export function answerWarnings(outline: PolicyOutline): readonly PolicyProblem[] {
  const { answers, rules, mode } = outline;
  const stating = rules.filter(({ parsed }) => parsed.console !== undefined);
  if (answers === undefined) return stating.flatMap(unusable);
  return mode === 'audit' ? [] : answerEffects.flatMap((effect) => unlimited(outline, effect));
}

function unusable({ name, source, parsed }: RuleOutline): PolicyProblem[] {
  if (parsed.console === undefined || parsed.console.value === 'never') return [];
  const message = `nobody can answer what rule \`${name}\` holds, because no file has a \`console\` of its own: add \`console: {approve: [role]}\` to one file`;
  return [source.problem(parsed.console.place, message)];
}

function unlimited(
  { answers, limits, rules, consolePlace }: PolicyOutline,
  effect: AnswerEffect,
): PolicyProblem[] {
  const kind = limitOf[effect];
  if (kind === undefined || limits[kind] !== undefined) return [];
  const message = `people may ${effect}, and nothing limits the ${kind}: add \`limits: {${kind}: {perHour: 20, perReview: 5}}\` to one file`;
  if (consolePlace !== undefined && isSomebody(answers?.lists.get(effect)))
    return [consolePlace.source.problem(consolePlace.place, message)];
  const rule = rules.find(({ parsed }) => {
    const says = parsed.console?.value;
    return says !== undefined && says !== 'never' && isSomebody(says.lists.get(effect));
  });
  return rule?.parsed.console === undefined ? [] : [rule.source.problem(rule.parsed.console.place, message)];
}

function isSomebody(list: Answerers | undefined): boolean {
  return list !== undefined && (list.anyApprover || list.ids.size > 0);
}
