import { typesNamed } from '../../connections/target-type';
import { CliError, type Command, type ToolOptions } from '../cli-host';
import { printJson, printLines, table } from '../output';
import { abilityOf, type TypeInfo, type TypesHost } from './type-info';
import { readArgs } from '../tool-options';

const options = { json: { type: 'boolean' } } as const satisfies ToolOptions;

/** The tool `postern types`: prints the table of target types. */
export const types: Command<TypesHost> = {
  summary: 'print the types of target that Postern knows, and what it knows of them',
  options,
  help: `Usage: postern types [<service or type>...] [--json]

Prints the table of target types: the word of each service, the type, how well it is known, the api-version, what can be
done, and the group ids. A named type, or one of a named service, is printed with everything that is known of it.

  recorded    real traffic shows its writes; answered if TARGET_TYPES is not set
  described   only Microsoft's specification does
  listed      it stands in a list of types, and can only be read

Options:
  --json    JSON output
  --help    show this help`,

  async run(args, host) {
    const { values, positionals } = readArgs(args, options);
    const infos = chosen(await host.typeInfos(), positionals);
    if (values.json === true) await printJson(host, infos);
    else await printLines(host, positionals.length === 0 ? overview(infos) : infos.flatMap(details));
    return 0;
  },
};

function chosen(infos: readonly TypeInfo[], words: readonly string[]): readonly TypeInfo[] {
  if (words.length === 0) return infos;
  const named = new Set<string>(
    words.flatMap((word) => {
      const found = typesNamed(word);
      if (found.length === 0) throw new CliError(`No type or service is called ${JSON.stringify(word)}.`);
      return found;
    }),
  );
  return infos.filter(({ type }) => named.has(type));
}

function overview(infos: readonly TypeInfo[]): string[] {
  const rows = infos.map((info) => [
    info.service,
    info.type,
    info.evidence,
    info.apiVersion,
    abilityOf(info),
    info.groupIds.join(' '),
  ]);
  return table([['SERVICE', 'TYPE', 'EVIDENCE', 'API-VERSION', 'CAN', 'GROUP IDS'], ...rows]);
}

function details(info: TypeInfo): string[] {
  const transitions = Object.entries(info.transitions).map(([change, result]) => `${change}: ${result}`);
  const lines: readonly (readonly [string, string])[] = [
    ['Service', info.service],
    ['Evidence', `${info.evidence}${info.opensMany ? '; one approval opens many resources' : ''}`],
    ['API-version', `${info.apiVersion} (target: ${info.targetApiVersion})`],
    ['Lists', `${info.list}${info.inResourceGraph ? '; Resource Graph shows them with the target' : ''}`],
    ['Writes', info.write],
    ['Can', abilityOf(info)],
    ['End states', info.endStates.join(', ') || 'none: it has no provisioningState'],
    ['Group ids', info.groupIds.join(', ')],
    ['Tried', transitions.join('; ') || 'nothing'],
    ['Rights', info.actions.join(', ')],
    ['No role names', info.unlistedActions ?? ''],
    ...Object.entries(info.sources).map(([part, source]) => [`Source: ${part}`, source] as const),
    ...info.notes.map((note) => ['Note', note] as const),
  ];
  const shown = lines.filter(([, text]) => text !== '').map(([name, text]) => `  ${name.padEnd(24)}${text}`);
  return [`${info.type}: ${info.label}`, ...shown, ''];
}
