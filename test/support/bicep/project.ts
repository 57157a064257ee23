import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { parseBicep, statementsOf, type BicepFile } from './parse-file';
import type { Position } from './syntax';

/** Files by their paths below the root, with `/`. */
export interface BicepProject {
  /** Absolute. */
  readonly root: string;
  readonly files: ReadonlyMap<string, BicepFile>;
  /** `.bicepparam`. */
  readonly parameterFiles: ReadonlyMap<string, BicepFile>;
  /** Every other file. */
  readonly others: readonly string[];
}

/** Something to mend. */
export interface Finding extends Position {
  readonly path: string;
  readonly message: string;
}

export function findingOf(path: string, { line, column }: Position, message: string): Finding {
  return { path, line, column, message };
}

/** `infra/main.bicep:3:7: …`, in the order of the files. */
export function linesOf(findings: readonly Finding[]): string[] {
  return findings.map(({ path, line, column, message }) => `${path}:${line}:${column}: ${message}`);
}

/** Reads everything below these folders; a folder that is not there is empty. */
export function readProject(root: string, ...folders: readonly string[]): BicepProject {
  const paths = folders.flatMap((folder) => filesBelow(join(root, folder)));
  const files = new Map<string, BicepFile>();
  const parameterFiles = new Map<string, BicepFile>();
  const others: string[] = [];
  for (const absolute of paths) {
    const path = relative(root, absolute).split(sep).join('/');
    const source = (): string => readFileSync(absolute, 'utf8');
    if (path.endsWith('.bicep')) files.set(path, parseBicep(path, source()));
    else if (path.endsWith('.bicepparam')) parameterFiles.set(path, parseBicep(path, source(), 'bicepparam'));
    else others.push(path);
  }
  return { root, files, parameterFiles, others };
}

export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

/** A path that a file names, from the project's root. */
export function resolved(from: string, path: string): string {
  return posix.normalize(posix.join(dirname(from), path));
}

export function isThere({ root }: BicepProject, path: string): boolean {
  return existsSync(join(root, path));
}

/** `resourceGroup`, unless the file says otherwise. */
export function targetScopeOf(file: BicepFile): string {
  const [setting] = statementsOf(file, 'targetScope');
  return setting?.value.kind === 'text' ? setting.value.parts.join('') : 'resourceGroup';
}

/** Whether somebody has to give the parameter a value. */
export function requiredParameters(file: BicepFile): string[] {
  return statementsOf(file, 'param')
    .filter((parameter) => parameter.default === undefined && !parameter.type.nullable)
    .map(({ name }) => name);
}
