/** What a process needs from the machine to run at all. Nothing else of ours reaches the app. */
const inheritedNames = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SYSTEMROOT', 'LANG', 'TZ'];

/** The whole environment of the app: the machine's necessities, the host's variables, its settings, `env`. */
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
