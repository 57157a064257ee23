import type { CheckedItem } from './findings';

interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

interface ValidateJson {
  readonly policies: readonly {
    readonly path: string;
    readonly problems: readonly Place[];
    readonly warnings: readonly Place[];
  }[];
}

/** Lists what `postern validate` found: a passed item for each policy without a finding. */
export function validateItems(json: unknown): readonly CheckedItem[] {
  return (json as ValidateJson).policies.flatMap(({ path, problems, warnings }): readonly CheckedItem[] => {
    const found = [
      ...problems.map((place) => itemOf(path, place, 'failed')),
      ...warnings.map((place) => itemOf(path, place, 'warning')),
    ];
    return found.length > 0 ? found : [{ suite: path, name: path, outcome: 'passed', path }];
  });
}

function itemOf(
  suite: string,
  { path, line, column, message }: Place,
  outcome: 'failed' | 'warning',
): CheckedItem {
  return { suite, name: `${path}:${line}:${column}`, outcome, path, line, column, message };
}
