import { parseArgs } from 'node:util';
import { addSeconds } from '../../base/clock';
import { parseConnectionId, parseEndpointId, parseResourceId } from '../../connections/resource-id';
import { describeError } from '../../base/errors';
import { parseTimeSpan, timeSpanProblem } from '../../policy/file/time-span';
import { CliError, type CliHost, type Command, type ExitCode } from '../cli-host';
import { idOrSame } from '../id-argument';
import { printErrorLines, printJson, printLines } from '../output';
import { nextWait, type WaitOutcome } from './wait-step';
import type { Seen, SeenConnection, Watched } from './watch';

export const wait: Command = {
  summary: 'wait until an endpoint, or one connection, has been answered; for pipelines',
  help: `Usage: postern wait <endpoint or connection id> [options]

Looks at a private endpoint until every connection that it asked for is answered, and says how by its exit code. It needs
no more than the right to read the endpoint (Microsoft.Network/privateEndpoints/read), which whoever made it has. With the id
of a connection it looks at that one on its target, and needs the right to read it there.

Azure does not show that Postern holds a request for a person: it stays Pending. Where the deployment's storage can be read
(AzureWebJobsStorage, or AzureWebJobsStorage__accountName and a sign-in), --ledger ends the wait at a hold and tells why.

Options:
  --timeout <time>   how long to wait at most, such as 45s, 30m or 1h30m. Default: 30m
  --interval <time>  how long between two looks. Default: 10s. What ARM asks for (Retry-After) counts if it is longer
  --ledger           see holds, too
  --json             for machines
  --help             this text

Exit code: 0 approved, 2 wrong usage or no right to look, 3 rejected, 4 held for a person (with --ledger only),
5 no answer in time, 6 the endpoint or the connection is gone or disconnected.`,

  async run(args, host) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        timeout: { type: 'string' },
        interval: { type: 'string' },
        ledger: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
    const [id, ...more] = positionals;
    if (id === undefined || more.length > 0) throw new CliError('say the id of one endpoint or connection');
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
  rejected: 'Rejected: on most services the endpoint must be deleted and made anew.',
  held: 'Held: a person must answer.',
  timeout: 'Not answered in time.',
  gone: 'Gone, or disconnected: nothing is left to wait for.',
};

function secondsFrom(option: string, text: string): number {
  const seconds = parseTimeSpan(text);
  if (seconds === undefined) throw new CliError(`${option}: ${timeSpanProblem(text)}`);
  if (seconds === 0) throw new CliError(`${option} must be a second or more`);
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
    throw new CliError(`That is no id of an endpoint or a connection. ${describeError(error)}`);
  }
}

interface WaitEnd {
  readonly outcome: WaitOutcome;
  /** As they were seen last. */
  readonly connections: readonly SeenConnection[];
}

async function watchUntilEnd(
  host: CliHost,
  watched: Watched,
  { timeoutSeconds, intervalSeconds }: { timeoutSeconds: number; intervalSeconds: number },
): Promise<WaitEnd> {
  const watch = host.watch(watched);
  const startedAt = host.clock.now();
  const deadlineAt = addSeconds(startedAt, timeoutSeconds);
  let connections: readonly SeenConnection[] = [];
  let told = '';
  for (let wasSeen = false; ;) {
    const seen = await watch.look();
    if (seen.kind === 'seen') ({ connections } = seen);
    const step = nextWait({ startedAt, deadlineAt, intervalSeconds, wasSeen }, seen, host.clock.now());
    if (step.kind === 'end') return { outcome: step.outcome, connections };
    wasSeen ||= seen.kind === 'seen';
    // Said once for each change, so that the log of a pipeline stays short.
    const progress = progressOf(seen);
    if (progress !== told) await printErrorLines(host, [progress]);
    told = progress;
    await watch.sleep(step.seconds);
  }
}

function progressOf(seen: Seen): string {
  switch (seen.kind) {
    case 'gone':
      return 'waiting: Azure does not know it yet';
    case 'trouble':
      return `waiting: ${seen.problem}`;
    case 'seen':
      if (seen.problem !== undefined)
        return `waiting: whether Postern holds it is not known: ${seen.problem}`;
      return `waiting: ${seen.connections.map(({ name, status }) => `${name} is ${status}`).join(', ')}${seen.isSettled ? '' : ' (Azure is at work on it)'}`;
  }
}

function lineOf({ name, status, description, held }: SeenConnection): string {
  const why = held ?? description;
  return why === '' ? `  ${name}: ${status}` : `  ${name}: ${status}; ${why}`;
}
