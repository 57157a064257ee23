import { statementsOf } from '../parse-file';
import { findingOf, type BicepProject, type Finding } from '../project';
import type { Decorator } from '../syntax';

/** Every parameter and every output says what it is for. */
export function descriptionFindings({ files }: BicepProject): Finding[] {
  return [...files.values()].flatMap((file) =>
    statementsOf(file, 'param', 'output')
      .filter(({ decorators }) => !decorators.some(isDescription))
      .map(({ kind, name, at }) => findingOf(file.path, at, `${kind} ${name} has no description`)),
  );
}

function isDescription({ name, args: [text] }: Decorator): boolean {
  return name === 'description' && text?.kind === 'text' && text.parts.join('').trim() !== '';
}
