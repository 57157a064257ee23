/** Why there is no package: for people, with every problem at once. */
export class PackageError extends Error {
  constructor(what: string, problems: readonly string[]) {
    super([what, ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
}
