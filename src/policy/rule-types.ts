import { lower } from '../base/compare';
import { typesNamed } from '../connections/target-type';

/** The types of target that a rule applies to, in lower case; `undefined`: all. */
export type RuleTypes = ReadonlySet<string> | undefined;

/** Returns the types that a rule's `targets` name. */
export function ruleTypes({ targets }: { readonly targets: readonly string[] }): RuleTypes {
  return targets.length === 0 ? undefined : new Set(targets.flatMap(typesNamed).map(lower));
}

/** Tells whether one rule applies to all types that the other applies to. */
export function coversTypes(wide: RuleTypes, narrow: RuleTypes): boolean {
  return wide === undefined || (narrow !== undefined && [...narrow].every((type) => wide.has(type)));
}

/** Tells whether there is a type that both rules apply to. */
export function shareTypes(one: RuleTypes, other: RuleTypes): boolean {
  return one === undefined || other === undefined || [...one].some((type) => other.has(type));
}
