const testCases = /\.(?:cases|tests)\.ya?ml$/i;

/** Whether a file of a policy folder is policy: YAML, but not the test cases beside it. */
export function isPolicyPath(path: string): boolean {
  return /\.ya?ml$/i.test(path) && !isTestCasesPath(path);
}

/** Whether it holds the test cases of a policy. */
export function isTestCasesPath(path: string): boolean {
  return testCases.test(path);
}
