/** What a process needs from the machine to run at all. Nothing else of ours reaches the app. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SYSTEMROOT', 'LANG', 'TZ'];

/** The whole environment of the app: the machine's necessities, the host's variables, its settings, `env`. */
export function workerEnvironment(options: {
  appDirectory: string;
  settings: Record<string, string>;
  env: Record<string, string>;
}): Record<string, string> {
  const inherited = INHERITED.flatMap((name): [string, string][] => {
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
