import { sanitize } from '../../base/text';
import { withoutCommands } from '../pipeline-commands';
import type { CheckedItem } from './findings';

const longestText = 4_096;

/**
 * Writes what was found as annotations of GitHub Actions, a line each: `::error file=…,line=…::message`. Text that anyone may
 * have chosen is escaped, so that it begins no other command.
 * Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function githubText(items: readonly CheckedItem[]): string {
  return items.flatMap((item) => (item.outcome === 'passed' ? [] : [annotation(item)])).join('');
}

function annotation({ outcome, path, line, column, name, message = '' }: CheckedItem): string {
  const fields = { file: path, line, col: column, title: name };
  const properties = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [`${key}=${property(String(value))}`],
  );
  return `::${outcome === 'failed' ? 'error' : 'warning'} ${properties.join(',')}::${data(message)}\n`;
}

function data(text: string): string {
  return withoutCommands(sanitize(text, longestText))
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
