import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isUrl } from '../load-policy';
import type { CheckedItem } from './findings';
import { posternVersion } from '../version';

/** Returns what was found as a SARIF 2.1.0 log. Paths stay as they are named: relative to the current folder, absolute, or URLs. */
export function sarifLog(items: readonly CheckedItem[]): object {
  const results = items.flatMap((item) => (item.outcome === 'passed' ? [] : [resultOf(item)]));
  const driver = {
    name: 'postern',
    version: posternVersion,
    rules: [
      {
        id: 'problem',
        shortDescription: { text: 'The policy is wrong, or decides otherwise than its cases say.' },
      },
      { id: 'warning', shortDescription: { text: 'The policy may do what its author did not mean.' } },
    ],
  };
  const version = '2.1.0';
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version,
    runs: [{ tool: { driver }, results }],
  };
}

function resultOf({ outcome, path, line, column, name, message = name }: CheckedItem): object {
  const isProblem = outcome === 'failed';
  const region =
    line === undefined
      ? undefined
      : { startLine: line, ...(column === undefined ? {} : { startColumn: column }) };
  const artifactLocation = { uri: uriOf(path) };
  return {
    ruleId: isProblem ? 'problem' : 'warning',
    level: isProblem ? 'error' : 'warning',
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation, ...(region === undefined ? {} : { region }) } }],
  };
}

function uriOf(path: string): string {
  if (isUrl(path)) return path;
  if (isAbsolute(path)) return pathToFileURL(path).href;
  return path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}
