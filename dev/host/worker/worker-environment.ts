/** Variables that any process needs from the machine. The app gets no others. */
const inheritedNames = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SYSTEMROOT', 'LANG', 'TZ'];

/**
 * Returns the app's whole environment: the variables of the machine and of the host, the settings, and `env`.
 */
export function workerEnvironment(options: {
  readonly appDirectory: string;
  readonly settings: Record<string, string>;
  readonly env: Record<string, string>;
}): Record<string, string> {
  const inherited = inheritedNames.flatMap((name): [string, string][] => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(inherited),
    FUNCTIONS_WORKER_RUNTIME: 'node',
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    AzureWebJobsScriptRoot: options.appDirectory,
    ...options.settings,
    ...options.env,
  };
}
