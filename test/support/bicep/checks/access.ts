import { statementsOf } from '../parse-file';
import { findingOf, type BicepProject, type Finding } from '../project';
import { nestedResources } from '../uses';

/** Who may do what stands in these files and nowhere else. */
export function accessFindings({ files }: BicepProject, declared: readonly string[]): Finding[] {
  return [...files.values()]
    .filter(({ path }) => !declared.includes(path))
    .flatMap((file) =>
      statementsOf(file, 'resource')
        .flatMap((resource) => [resource, ...nestedResources(resource)])
        .filter(({ type, existing }) => /roleAssignments$/i.test(type) && !existing)
        .map(({ name, at }) => findingOf(file.path, at, `role assignment ${name} belongs in another file`)),
    );
}
