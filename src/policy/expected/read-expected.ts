import type { Document } from 'yaml';
import { lower } from '../../base/compare';
import { sha256Hex } from '../../base/digest';
import { describeError } from '../../base/errors';
import { parseEndpointId, parseTargetId } from '../../connections/resource-id';
import { parseYaml } from '../file/parse-yaml';
import { policyDigest, sortedFiles } from '../file/policy-files';
import { policyLimits } from '../file/policy-limits';
import { type KeysAt, problemsFromIssues } from '../file/schema-problems';
import { placeOf, SourceText } from '../file/source-text';
import { blameOddCharacter } from '../file/yaml-characters';
import type { PolicyFile, PolicyProblem } from '../policy-file';
import {
  expectedRequests,
  type ExpectedRequest,
  type ExpectedRequester,
  type ExpectedRequests,
} from './expected-requests';
import {
  expectedFileSchema,
  expectedLimits,
  expectedRequestSchema,
  type ExpectedRequestContent,
} from './expected-schema';

/** The most problems that are reported. */
const mostProblems = 50;

/**
 * Reads files of expected requests. A file with a problem contributes nothing, and the others are read all the same:
 * whoever announces a request cannot stop the policy. Never throws.
 */
export function readExpected(files: readonly PolicyFile[]): ExpectedRequests {
  const requests = new Map<string, ExpectedRequest>();
  const perTarget = new Map<string, number>();
  const problems: PolicyProblem[] = [];
  for (const file of sortedFiles(files)) {
    const read = readFile(file);
    if (read.kind === 'refused') {
      problems.push(
        ...read.problems.toSorted((one, other) => one.line - other.line || one.column - other.column),
      );
      continue;
    }
    for (const { request, problem } of read.requests) {
      if (requests.has(request.id)) continue;
      const { key } = request.target;
      const count = (perTarget.get(key) ?? 0) + 1;
      perTarget.set(key, count);
      if (count <= expectedLimits.requestsPerTarget) requests.set(request.id, request);
      else problems.push(problem(tooMany));
    }
  }
  return expectedRequests({
    digest: policyDigest(files),
    requests: [...requests.values()],
    problems: problems.slice(0, mostProblems),
  });
}

const tooMany = `more than ${expectedLimits.requestsPerTarget} requests are expected at this target, and this one is not: remove those that are over`;

type FileReading =
  | { readonly kind: 'read'; readonly requests: readonly PlacedRequest[] }
  | { readonly kind: 'refused'; readonly problems: readonly PolicyProblem[] };

interface PlacedRequest {
  readonly request: ExpectedRequest;
  /** Creates a problem at the request's target. */
  readonly problem: (message: string) => PolicyProblem;
}

function readFile(file: PolicyFile): FileReading {
  const source = new SourceText(file);
  const whole = (message: string): FileReading => ({
    kind: 'refused',
    problems: [source.problem({ offset: 0, length: 1 }, message)],
  });
  if (file.unreadable !== undefined) return whole(file.unreadable);
  if (Buffer.byteLength(file.text) > policyLimits.fileBytes)
    return whole(`the file is larger than ${policyLimits.fileBytes / 1024} KiB: split it`);
  const yaml = parseYaml(source);
  if (yaml.kind === 'refused') return yaml;
  const { document } = yaml;
  const checked = expectedFileSchema.safeParse(document.toJS({ maxAliasCount: 0 }) ?? {});
  if (!checked.success) {
    const problems = problemsFromIssues(checked.error.issues, document, source, keysAt);
    return { kind: 'refused', problems: problems.map((problem) => blameOddCharacter(problem, source)) };
  }
  const readings = checked.data.expected.map((content, index) =>
    requestFrom(content, at(document, source, index)),
  );
  const problems = readings.flatMap((reading) => ('message' in reading ? [reading] : []));
  if (problems.length > 0) return { kind: 'refused', problems };
  return { kind: 'read', requests: readings.flatMap((reading) => ('message' in reading ? [] : [reading])) };
}

const keysAt: KeysAt = (path) =>
  Object.keys(path.length === 0 ? expectedFileSchema.shape : expectedRequestSchema.shape);

type ProblemAt = (key: string, message: string) => PolicyProblem;

/** Returns what creates problems at the keys of one request. */
function at(document: Document.Parsed, source: SourceText, index: number): ProblemAt {
  return (key, message) => {
    const node = document.getIn(['expected', index, key], true) ?? document.getIn(['expected', index], true);
    return source.problem(placeOf(node), message);
  };
}

function requestFrom(content: ExpectedRequestContent, problemAt: ProblemAt): PlacedRequest | PolicyProblem {
  const who = requesterFrom(content, problemAt);
  if ('message' in who) return who;
  const target = idOrProblem(() => parseTargetId(content.target), 'target', problemAt);
  if ('message' in target) return target;
  const until = new Date(content.until);
  const id = sha256Hex(JSON.stringify([...Object.values(who), target.key, until.toISOString()]), 16);
  return {
    request: { id, who, target, until, by: content.by },
    problem: (message) => problemAt('target', message),
  };
}

function requesterFrom(
  { endpointId, endpointName, connectionName, tenantId }: ExpectedRequestContent,
  problemAt: ProblemAt,
): ExpectedRequester | PolicyProblem {
  const stated = Object.entries({ endpointId, endpointName, connectionName }).filter(
    ([, value]) => value !== undefined,
  );
  const [first, second] = stated.map(([key]) => key);
  if (first === undefined) {
    const message =
      'the request names nobody: write `endpointId`, or `endpointName` or `connectionName` with `tenantId`';
    return problemAt('target', message);
  }
  if (second !== undefined)
    return problemAt(second, `\`${first}\` and \`${second}\` exclude each other: write one of them`);
  if (endpointId !== undefined) {
    if (tenantId !== undefined)
      return problemAt(
        'tenantId',
        'an endpoint id says its subscription, which no tenant needs to confirm: remove `tenantId`',
      );
    const endpoint = idOrProblem(() => parseEndpointId(endpointId), 'endpointId', problemAt);
    return 'message' in endpoint ? endpoint : { kind: 'endpoint', endpointKey: endpoint.key };
  }
  if (tenantId === undefined)
    return problemAt(
      first,
      `anybody can choose a name: write the \`tenantId\` that must own the endpoint's subscription, too`,
    );
  const name = lower(endpointName ?? connectionName ?? '');
  return {
    kind: endpointName === undefined ? 'connectionName' : 'endpointName',
    name,
    tenantId: lower(tenantId),
  };
}

function idOrProblem<Id extends object>(
  parse: () => Id,
  key: string,
  problemAt: ProblemAt,
): Id | PolicyProblem {
  try {
    return parse();
  } catch (error) {
    return problemAt(key, `\`${key}\`: ${error instanceof Error ? error.message : describeError(error)}`);
  }
}
