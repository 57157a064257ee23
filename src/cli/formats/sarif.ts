import type { CheckedItem } from './findings';
import { posternVersion } from '../version';

/** Returns what was found as a SARIF 2.1.0 log, with paths relative to the current folder. */
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
  const artifactLocation = { uri: encodeURI(path.replaceAll('\\', '/')) };
  return {
    ruleId: isProblem ? 'problem' : 'warning',
    level: isProblem ? 'error' : 'warning',
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation, ...(region === undefined ? {} : { region }) } }],
  };
}
