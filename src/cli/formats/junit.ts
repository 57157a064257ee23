import XMLBuilder from 'fast-xml-builder';
import { sanitize } from '../../base/text';
import type { CheckedItem } from './findings';

const longestText = 4_096;
const shown = (text: string): string => sanitize(text, longestText);

/** Writes what was checked as JUnit XML: a suite for each policy or file of cases. A warning is a passed case that says it. */
export function junitText(items: readonly CheckedItem[]): string {
  const suites = groups(items);
  const testsuite = [...suites].map(([name, own]) => ({
    '@name': shown(name),
    '@tests': own.length,
    '@failures': own.filter(({ outcome }) => outcome === 'failed').length,
    testcase: own.map(caseOf),
  }));
  const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true });
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: { '@name': 'postern', testsuite },
  });
}

function groups(items: readonly CheckedItem[]): ReadonlyMap<string, CheckedItem[]> {
  const suites = new Map<string, CheckedItem[]>();
  for (const item of items) suites.set(item.suite, [...(suites.get(item.suite) ?? []), item]);
  return suites;
}

function caseOf({ name, suite, outcome, path, line, message = '' }: CheckedItem): object {
  const at = line === undefined ? path : `${path}:${line}`;
  const named = { '@name': shown(name), '@classname': shown(suite), '@file': shown(path) };
  if (outcome === 'passed') return named;
  const text = shown(`${at}: ${message}`);
  return outcome === 'failed'
    ? { ...named, failure: { '@message': shown(message), '#text': text } }
    : { ...named, 'system-out': `warning: ${text}` };
}
