import { stringify } from 'yaml';
import { addSeconds } from '../../base/clock';
import type { ExpectedRequest } from '../../policy/expected/expected-requests';
import { readExpected } from '../../policy/expected/read-expected';
import { formatProblems } from '../../policy/file/format-problems';
import { parseTimeSpan, timeSpanProblem } from '../../policy/file/time-span';
import { CliError, type Command, type ToolOptions } from '../cli-host';
import { idOrSame } from '../id-argument';
import { defaultPolicyPath, locate } from '../load-policy';
import { printJson, printLines } from '../output';
import type { AnnouncementFolder, ExpectHost } from './announcement-folder';
import { readOptions } from '../tool-options';

const options = {
  target: { type: 'string' },
  endpoint: { type: 'string' },
  'endpoint-name': { type: 'string' },
  'connection-name': { type: 'string' },
  tenant: { type: 'string' },
  by: { type: 'string' },
  until: { type: 'string' },
  policy: { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies ToolOptions;

/** The tool `postern expect`: announces a request. */
export const expect: Command<ExpectHost> = {
  summary: 'announce a request, so that a policy can approve exactly that one',
  options,
  help: `Usage: postern expect --target <id> --endpoint <id> --by <text> [options]
       postern expect --target <id> --endpoint-name <name> --tenant <GUID> --by <text> [options]
       postern expect --target <id> --connection-name <name> --tenant <GUID> --by <text> [options]

Announces one request, in a file of its own beside the policy. Rules see it as \`expected\`. It counts for one connection,
once, until its end. The same announcement again changes nothing. Announcements of this tool that ended a week ago are
removed.

Options:
  --target <id>             the resource that will be asked for
  --endpoint <id>           the private endpoint that will ask; it need not exist yet
  --endpoint-name <name>    its name, if its id cannot be known; with --tenant
  --connection-name <name>  the name of the connection on the target, if only that is known; with --tenant
  --tenant <GUID>           the tenant that owns the endpoint's subscription
  --by <text>               who announces it, for people, such as a pipeline's run or a ticket
  --until <time | instant>  when it ends, such as 2h, 7d or 2026-12-31T18:00:00Z. Default: 24h
  --policy <path>           the policy: a folder, or an https URL of one. Default: ${defaultPolicyPath}
  --json                    JSON output
  --help                    show this help

Exit code: 0 if the request is announced, 2 for wrong usage or if it could not be written.`,

  async run(args, host) {
    const { values } = readOptions(args, options);
    assertOneRequester(values);
    const now = host.clock.now();
    const stated = {
      endpointId: values.endpoint && idOrSame(values.endpoint),
      endpointName: values['endpoint-name'],
      connectionName: values['connection-name'],
      tenantId: values.tenant,
      target: idOrSame(required(values.target, '--target <id>')),
      until: untilFrom(values.until ?? '24h', now).toISOString(),
      by: required(values.by, '--by <text>'),
    };
    const text = stringify({ version: 1, expected: [withoutAbsent(stated)] }, { lineWidth: 0 });
    const request = checked(text, now);
    const path = values.policy ?? defaultPolicyPath;
    const folder = await host.announcements(path);
    const name = nameOf(request);
    const isNew = await folder.create(name, text);
    await removeOld(folder, now);
    const file = locate(path, name);
    if (values.json === true) {
      await printJson(host, { id: request.id, file, isNew, until: request.until.toISOString() });
      return 0;
    }
    await printLines(host, [
      `${isNew ? 'Announced' : 'Announced before'}: ${request.id}, until ${request.until.toISOString()}, in ${file}`,
    ]);
    return 0;
  },
};

/** Checks that exactly one requester is named, and a name only with its tenant. @throws CliError */
function assertOneRequester(values: Readonly<Record<string, unknown>>): void {
  const stated = ['endpoint', 'endpoint-name', 'connection-name'].filter((key) => values[key] !== undefined);
  if (stated.length !== 1)
    throw new CliError('name who will ask by one of --endpoint, --endpoint-name and --connection-name');
  const isName = stated[0] !== 'endpoint';
  if (isName && values['tenant'] === undefined)
    throw new CliError(
      `anybody can choose a name: add --tenant <GUID>, the tenant that owns the endpoint's subscription`,
    );
  if (!isName && values['tenant'] !== undefined)
    throw new CliError('the id of an endpoint says its subscription: remove --tenant');
}

function required(value: string | undefined, option: string): string {
  if (value === undefined || value.trim() === '') throw new CliError(`expect needs ${option}`);
  return value;
}

function untilFrom(text: string, now: Date): Date {
  const seconds = parseTimeSpan(text);
  if (seconds !== undefined) return addSeconds(now, seconds);
  const instant = new Date(text);
  if (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(instant.getTime())) return instant;
  throw new CliError(
    `--until must be a time such as 2h, or an instant such as 2026-12-31T18:00:00Z: ${timeSpanProblem(text)}`,
  );
}

function withoutAbsent(stated: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(stated).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

/** Reads the announcement as the app will. @throws CliError with what is wrong. */
function checked(text: string, now: Date): ExpectedRequest {
  const file = { path: 'announcement.expected.yaml', text };
  const { requests, problems } = readExpected([file]);
  const [request] = requests;
  if (request === undefined) throw new CliError(formatProblems(problems, [file]));
  if (request.until <= now) throw new CliError('--until is over already: name a later time');
  return request;
}

/** Names the file of an announcement. The name tells its end, so that old ones are found without reading them. */
function nameOf({ id, until }: ExpectedRequest): string {
  return `${until.toISOString().replace(/[-:]|\.\d+/g, '')}-${id}.expected.yaml`;
}

const namePattern = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-f]{16}\.expected\.yaml$/;
const keptSeconds = 7 * 24 * 60 * 60;
/** The most files that one run removes: a pipeline waits for it. */
const mostRemovals = 20;

async function removeOld(folder: AnnouncementFolder, now: Date): Promise<void> {
  const old = (await folder.names()).filter((name) => {
    const end = endOf(name);
    return end !== undefined && addSeconds(end, keptSeconds) < now;
  });
  for (const name of old.slice(0, mostRemovals)) await folder.remove(name);
}

function endOf(name: string): Date | undefined {
  const match = namePattern.exec(name);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
