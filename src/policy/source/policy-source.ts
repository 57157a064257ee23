import type { Clock } from '../../base/clock';
import { describeError, PosternError } from '../../base/errors';
import type { Mode } from '../decision';
import { policyDigest } from '../file/policy-files';
import type { Policy, PolicyLoad, PolicySource } from '../policy';
import { createDiskPolicyReader } from './disk-policy-reader';
import type { PolicyReader } from './policy-reader';

/** Options of `createPolicySource`. */
export interface PolicySourceOptions {
  /** The path of a policy file or of a folder of policy files. */
  readonly path: string;
  readonly clock: Clock;
  readonly modeOverride?: Mode | undefined;
  /** The reader of the files. Default: from disk. */
  readonly reader?: PolicyReader | undefined;
  /** Seconds between checks for changes, at least. Default: 10. */
  readonly recheckSeconds?: number | undefined;
}

/**
 * Creates a source that follows policy files. The first load may be refused; once a version has
 * loaded, it stays in force until a newer one loads. Files that change while they are read are read
 * again, so that no half-written version is compiled. Never throws.
 */
export function createPolicySource(options: PolicySourceOptions): PolicySource {
  const { clock, recheckSeconds = 10 } = options;
  const reader = options.reader ?? createDiskPolicyReader(options.path);
  let followed: { load: PolicyLoad; version: string | undefined; checkedAtMs: number } | undefined;
  let checking: Promise<PolicyLoad> | undefined;
  let unsteadySinceMs: number | undefined;

  async function check(): Promise<PolicyLoad> {
    const checkedAtMs = clock.monotonicMs();
    const known = followed?.load.kind === 'loaded' ? followed.load.policy : undefined;
    const read = await readChanged(reader, { ...options, version: followed?.version, known });
    const { version } = read;
    unsteadySinceMs = read.unsteady ? (unsteadySinceMs ?? checkedAtMs) : undefined;
    const isStuck = checkedAtMs - (unsteadySinceMs ?? checkedAtMs) >= unsteadySeconds * 1000;
    const load = isStuck ? unsteady(options.path) : read.load;
    if (load === undefined && followed !== undefined) {
      followed.checkedAtMs = checkedAtMs;
      return followed.load;
    }
    const next = load === undefined ? unsteady(options.path) : keepGood(followed?.load, load);
    followed = { load: next, version, checkedAtMs };
    return next;
  }

  return {
    current: () => {
      if (followed && clock.monotonicMs() - followed.checkedAtMs < recheckSeconds * 1000)
        return Promise.resolve(followed.load);
      checking ??= check().finally(() => (checking = undefined));
      return checking;
    },
  };
}

/** Keeps the policy that loaded last. Requests are expected, and no longer expected, all the same. */
function keepGood(before: PolicyLoad | undefined, now: PolicyLoad): PolicyLoad {
  if (now.kind === 'loaded' || before?.kind !== 'loaded') return now;
  const { digest, problems, expected } = now;
  const isSame = expected === undefined || expected.digest === before.policy.expected.digest;
  const policy = isSame ? before.policy : { ...before.policy, expected };
  return { kind: 'loaded', policy, refusedUpdate: { digest, problems } };
}

const maxReads = 3;
/**
 * Files that are uploaded one by one keep changing for a while. If they do so for longer, the load
 * is refused.
 */
const unsteadySeconds = 600;

/**
 * `load` is undefined if nothing changed, or if the files kept changing while they were read
 * (`unsteady`).
 */
async function readChanged(
  reader: PolicyReader,
  {
    version: knownVersion,
    known,
    path,
    modeOverride,
  }: Pick<PolicySourceOptions, 'path' | 'modeOverride'> & {
    readonly version: string | undefined;
    readonly known: Policy | undefined;
  },
): Promise<{ version: string | undefined; load?: PolicyLoad; unsteady?: true }> {
  try {
    let version = await reader.version();
    if (version === knownVersion) return { version };
    for (let reads = 0; reads < maxReads; reads++) {
      const files = await reader.read();
      const after = await reader.version();
      if (after === version) {
        // YAML, the schema and CEL are most of the code that a cold start would compile: load them
        // with the first policy.
        const { loadPolicy } = await import('../compile-policy');
        return { version, load: loadPolicy(files, { modeOverride, known }) };
      }
      version = after;
    }
    return { version: undefined, unsteady: true };
  } catch (error) {
    const message = error instanceof PosternError ? error.message : describeError(error);
    return { version: undefined, load: refusal(path, message) };
  }
}

function unsteady(path: string): PolicyLoad {
  return refusal(path, 'the policy files change faster than they can be read');
}

function refusal(path: string, message: string): PolicyLoad {
  return {
    kind: 'refused',
    digest: policyDigest([]),
    problems: [{ path, line: 1, column: 1, length: 1, message }],
  };
}
