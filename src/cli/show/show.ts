import { ArmError, describeError } from '../../base/errors';
import { CliError, type Command, type ToolOptions } from '../cli-host';
import {
  choiceLines,
  findConnections,
  type FoundConnection,
  type Subject,
  subjectFrom,
} from '../facts/find-connection';
import type { AzureHost, LiveAzure } from '../facts/read-live-facts';
import { counted, printJson, printLines } from '../output';
import type { RecordsHost } from './connection-records';
import { type ConnectionStory, readStory } from './connection-story';
import { plainStory, storyLines } from './story-lines';
import { readArgs } from '../tool-options';

const options = { all: { type: 'boolean' }, json: { type: 'boolean' } } as const satisfies ToolOptions;

/** The tool `postern show`: shows how one connection stands, and its history. */
export const show: Command<AzureHost & RecordsHost> = {
  summary: 'show how one connection stands: status, decision, operation, next step, history',
  options,
  help: `Usage: postern show [options] <connection>

Shows one connection: its status in Azure, the last decision with its rules and
reason, the policy, the operation, what happens next and when, and the records
of the ledger. Writes nothing.

<connection> is the id of a connection, the id of its private endpoint, or
target/endpoint as people say it, such as kv-shop/pe-web. If it names several,
they are listed.

Reads Azure with your own identity, and the deployment's storage
(AzureWebJobsStorage, or AzureWebJobsStorage__accountName and a sign-in).

Options:
  --all   the whole history. Default: the last 20 records
  --json  JSON output, with the whole history
  --help  show this help

Exit code: 0 if the connection was shown, 1 if nobody knows it or the name fits
several, 2 for wrong usage or if Azure does not answer.`,

  async run(args, host) {
    const { values, positionals } = readArgs(args, options);
    const [argument, ...others] = positionals;
    if (argument === undefined || others.length > 0) throw new CliError('pass one connection');
    const subject = subjectFrom(argument);
    if (subject === undefined)
      throw new CliError(
        'this names no connection: pass the id of a connection or of an endpoint, or target/endpoint, such as kv-shop/pe-web',
      );
    const asJson = values.json === true;
    const { found, problem } = await look(host, host.live(), subject);
    const [only, ...more] = found;
    if (only === undefined || more.length > 0) {
      if (asJson) await printJson(host, { matches: found.map(({ id }) => id.id) });
      else
        await printLines(host, [
          `${counted(found.length, 'connection')} fit. Pass the id of one:`,
          ...choiceLines(found),
        ]);
      return 1;
    }
    const read = await readStory(host.records?.(), only);
    const story = { ...read, problems: [...(problem === undefined ? [] : [problem]), ...read.problems] };
    if (asJson) await printJson(host, plainStory(story));
    else await printLines(host, storyLines(story, host.clock.now(), values.all === true ? Infinity : 20));
    return isKnown(story) ? 0 : 1;
  },
};

/** Looks the connections up. One that is named by its id is shown even if Azure refuses to list its target. */
async function look(
  host: AzureHost & Parameters<typeof findConnections>[0],
  live: LiveAzure,
  subject: Subject,
): Promise<{ readonly found: readonly FoundConnection[]; readonly problem?: string }> {
  try {
    return { found: await findConnections(host, live, subject) };
  } catch (error) {
    if (subject.kind !== 'connection' || !(error instanceof ArmError)) throw error;
    const found = [{ id: subject.id, connection: undefined }];
    return { found, problem: `Azure could not be asked: ${describeError(error)}` };
  }
}

function isKnown({ connection, row, history }: ConnectionStory): boolean {
  return connection !== undefined || row !== undefined || history.length > 0;
}
