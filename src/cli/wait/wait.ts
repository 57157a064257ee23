import { addSeconds } from '../../base/clock';
import { parseConnectionId, parseEndpointId, parseResourceId } from '../../connections/resource-id';
import { describeError } from '../../base/errors';
import { parseTimeSpan, timeSpanProblem } from '../../policy/file/time-span';
import { CliError, type CliHost, type Command, type ExitCode, type ToolOptions } from '../cli-host';
import { idOrSame } from '../id-argument';
import { printErrorLines, printJson, printLines } from '../output';
import { nextWait, type WaitOutcome } from './wait-step';
import type { Seen, SeenConnection, Watched, WatchHost } from './watch';
import { readArgs } from '../tool-options';

const options = {
  timeout: { type: 'string' },
  interval: { type: 'string' },
  ledger: { type: 'boolean' },
  json: { type: 'boolean' },
} as const satisfies ToolOptions;

/** The tool `postern wait`: waits until an endpoint or a connection is approved or rejected. */
export const wait: Command<WatchHost> = {
  summary: 'wait until an endpoint or a connection is approved or rejected; for pipelines',
  options,
  help: `Usage: postern wait <endpoint or connection id> [options]

Polls a private endpoint until all of its connections are approved or one is rejected, and reports the result as exit code.
It only needs the permission to read the endpoint (Microsoft.Network/privateEndpoints/read), which the endpoint's creator has.
With the id of a connection, it polls that connection on its target, and needs the permission to read it there.

Azure does not show that Postern holds a request for a person: the request stays Pending. With --ledger, the wait ends at a
hold and shows the reason. This needs read access to the deployment's storage (AzureWebJobsStorage, or
AzureWebJobsStorage__accountName and a sign-in).

Options:
  --timeout <time>   maximum time to wait, such as 45s, 30m or 1h30m. Default: 30m
  --interval <time>  time between two polls. Default: 10s. A longer Retry-After from ARM is respected
  --ledger           also detect holds
  --json             JSON output
  --help             show this help

Exit code: 0 approved, 2 wrong usage or no permission to read, 3 rejected, 4 held for a person (only with --ledger),
5 no answer in time, 6 the endpoint or the connection is gone or disconnected.`,

  async run(args, host) {
    const { values, positionals } = readArgs(args, options);
    const [id, ...more] = positionals;
    if (id === undefined || more.length > 0) throw new CliError('pass the id of one endpoint or connection');
    const timeoutSeconds = secondsFrom('--timeout', values.timeout ?? '30m');
    const intervalSeconds = secondsFrom('--interval', values.interval ?? '10s');
    const watched = watchedFrom(id, values.ledger === true);
    const end = await watchUntilEnd(host, watched, { timeoutSeconds, intervalSeconds });
    if (values.json === true) await printJson(host, { id: watched.id.id, ...end });
    else await printLines(host, [sentences[end.outcome], ...end.connections.map(lineOf)]);
    return exitCodes[end.outcome];
  },
};

const exitCodes: Readonly<Record<WaitOutcome, ExitCode>> = {
  approved: 0,
  rejected: 3,
  held: 4,
  timeout: 5,
  gone: 6,
};

const sentences: Readonly<Record<WaitOutcome, string>> = {
  approved: 'Approved.',
  rejected: 'Rejected: on most services the endpoint must be deleted and created again.',
  held: 'Held: a person must approve or reject it.',
  timeout: 'No answer before the timeout.',
  gone: 'Gone or disconnected: nothing is left to wait for.',
};

function secondsFrom(option: string, text: string): number {
  const seconds = parseTimeSpan(text);
  if (seconds === undefined) throw new CliError(`${option}: ${timeSpanProblem(text)}`);
  if (seconds === 0) throw new CliError(`${option} must be at least one second`);
  return seconds;
}

function watchedFrom(argument: string, ledger: boolean): Watched {
  const text = idOrSame(argument);
  try {
    const isEndpoint = parseResourceId(text).type.toLowerCase() === 'microsoft.network/privateendpoints';
    return isEndpoint
      ? { kind: 'endpoint', id: parseEndpointId(text), ledger }
      : { kind: 'connection', id: parseConnectionId(text), ledger };
  } catch (error) {
    throw new CliError(`This is not the id of an endpoint or a connection. ${describeError(error)}`);
  }
}

interface WaitEnd {
  readonly outcome: WaitOutcome;
  /** The connections as the last successful poll returned them. */
  readonly connections: readonly SeenConnection[];
}

async function watchUntilEnd(
  host: CliHost & WatchHost,
  watched: Watched,
  { timeoutSeconds, intervalSeconds }: { timeoutSeconds: number; intervalSeconds: number },
): Promise<WaitEnd> {
  const watch = host.watch(watched);
  const startedAt = host.clock.now();
  const deadlineAt = addSeconds(startedAt, timeoutSeconds);
  let connections: readonly SeenConnection[] = [];
  let printed = '';
  for (let wasSeen = false; ;) {
    const seen = await watch.poll();
    if (seen.kind === 'seen') ({ connections } = seen);
    const step = nextWait({ startedAt, deadlineAt, intervalSeconds, wasSeen }, seen, host.clock.now());
    if (step.kind === 'end') return { outcome: step.outcome, connections };
    wasSeen ||= seen.kind === 'seen';
    // Printed only when it changes, so that the log of a pipeline stays short.
    const progress = progressOf(seen);
    if (progress !== printed) await printErrorLines(host, [progress]);
    printed = progress;
    await watch.sleep(step.seconds);
  }
}

function progressOf(seen: Seen): string {
  switch (seen.kind) {
    case 'gone':
      return 'waiting: not found in Azure yet';
    case 'unavailable':
      return `waiting: ${seen.problem}`;
    case 'seen':
      if (seen.problem !== undefined) return `waiting: cannot read whether Postern holds it: ${seen.problem}`;
      return `waiting: ${seen.connections.map(({ name, status }) => `${name} is ${status}`).join(', ')}${seen.isSettled ? '' : ' (Azure is still updating it)'}`;
  }
}

function lineOf({ name, status, description, held }: SeenConnection): string {
  const why = held ?? description;
  return why === '' ? `  ${name}: ${status}` : `  ${name}: ${status}; ${why}`;
}
