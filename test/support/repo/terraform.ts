import { parse } from '@cdktn/hcl2json';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from './infra';
import { projectRoot } from './project';

/** A block of HCL as JSON: an attribute that is an expression is `${…}`. */
export interface Block {
  readonly [attribute: string]: unknown;
  readonly description?: string;
  readonly type?: string;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly value?: string;
  readonly source?: string;
  readonly validation?: readonly { readonly condition: string; readonly error_message: string }[];
}

/** The blocks of a configuration by kind and name; the name of a resource is `TYPE.NAME`. */
export type Configuration = Readonly<
  Record<'variable' | 'output' | 'module' | 'resource', Record<string, Block>>
>;

type Parsed = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Returns what HashiCorp's own parser reads in the .tf files of a folder, by its path from the root. */
export async function configurationIn(folder: string): Promise<Configuration> {
  const files = readdirSync(join(projectRoot, folder)).filter((name) => name.endsWith('.tf'));
  const parsed = await Promise.all(
    files.map(async (name) => (await parse(name, readText(`${folder}/${name}`))) as Parsed),
  );
  const blocks = (kind: string): Record<string, Block> =>
    Object.fromEntries(
      parsed
        .flatMap((one) => Object.entries(one[kind] ?? {}))
        .map(([name, list]) => [name, (list as Block[])[0]!]),
    );
  const resources = parsed.flatMap((one) =>
    Object.entries(one['resource'] ?? {}).flatMap(([type, byName]) =>
      Object.entries(byName as Record<string, Block[]>).map(
        ([name, [only]]) => [`${type}.${name}`, only!] as const,
      ),
    ),
  );
  return {
    variable: blocks('variable'),
    output: blocks('output'),
    module: blocks('module'),
    resource: Object.fromEntries(resources),
  };
}
