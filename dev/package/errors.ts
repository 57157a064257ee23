/** The reason why there is no package, with every problem. */
export class PackageError extends Error {
  constructor(what: string, problems: readonly string[]) {
    super([what, ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
}
