// Asks the Azure CLI, on every system, and reads what it says of a failure. Without dependencies: it runs before anything is installed.
import { spawn } from 'node:child_process';

/** What the command said. `code` is `undefined` when there is no Azure CLI. Never throws; the environment is handed on. */
export function askAz(args) {
  // On Windows az is a batch file, which only a shell starts.
  const isWindows = process.platform === 'win32';
  const child = isWindows
    ? spawn(windowsCommand(args), { shell: true, stdio: ['ignore', 'pipe', 'pipe'] })
    : spawn('az', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.once('error', (error) => resolve({ code: undefined, stdout: '', stderr: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

/** Everything in quotes; what cmd would take for more than text is refused. A letter of a URL that is escaped stays what it is. */
export function windowsCommand(args) {
  const hostile = args.find((arg) => /["!\r\n]|%(?![0-9a-f]{2})/i.test(arg));
  if (hostile !== undefined) throw new Error(`cmd cannot be handed ${JSON.stringify(hostile)}`);
  return ['az', ...args.map((arg) => `"${arg}"`)].join(' ');
}

/** These only say that something inside them went wrong. */
const wrappers =
  /^(?:DeploymentFailed|ResourceDeploymentFailure|InvalidTemplateDeployment|MultipleErrorsOccurred)$/;

/** The innermost reason that Azure gave, as one line that neither a terminal nor a pipeline takes for a command. */
export function reasonIn(stderr) {
  // A nested deployment's errors come as JSON within JSON.
  const text = stderr.replace(/\\+"/g, '"');
  const inJson = /"code":\s*"([^"]*)",(?:\s*"target":\s*"[^"]*",)?\s*"message":\s*"([^"]*)/g;
  const inLines =
    /^\s*(?:Code:\s*(\S+)\s*\n\s*Message:|(?:ERROR:|Exception Details:)?\s*\((\w+)\))\s*(.*)$/gm;
  const said = [
    ...[...text.matchAll(inJson)].map(([, code, message]) => [code, message]),
    ...[...text.matchAll(inLines)].map(([, one, other, message]) => [one ?? other, message]),
  ].filter(([code]) => !wrappers.test(code));
  const [code, message] = said.at(-1) ?? [];
  return harmless(code === undefined ? firstLine(text) : `${code}: ${message}`);
}

function firstLine(text) {
  const lines = text.split('\n').map((line) => line.replace(/^(?:ERROR|WARNING):\s*/, '').trim());
  return lines.find((line) => line !== '') ?? 'Azure gave no reason';
}

/** @param text anybody's: names in it are chosen by others. */
export function harmless(text) {
  const line = text
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll('##', '# #')
    .trim();
  return line.length > 400 ? `${line.slice(0, 399)}…` : line;
}
