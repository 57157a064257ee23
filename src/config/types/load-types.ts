import { addWireTypes } from '../../azure/arm/connections/table/wire-type';
import { addTargetTypes } from '../../connections/target-type';
import { PosternError } from '../../base/errors';
import type { PolicyFile } from '../../policy/policy';
import { formatProblems } from '../../policy/file/format-problems';
import type { PolicyReader } from '../../policy/source/policy-reader';
import type { ArmConfig } from '../config';
import { ConfigError } from '../config-error';
import { choiceProblems } from './type-choice';
import { parseTypeFile } from './type-file';

/**
 * Adds the rows of TARGET_TYPES_PATH to the table of types, for this process, and returns the settings with its
 * api-versions; those of API_VERSIONS win. Call it once, before any id is parsed. @throws ConfigError with the place
 * of each problem, also if TARGET_TYPES names what is in no row.
 */
export async function loadOwnTypes<Settings extends ArmConfig>(
  config: Settings,
  reader: PolicyReader,
): Promise<Settings> {
  const files = await readFrom(reader);
  const parsed = files.map(parseTypeFile);
  const problems = parsed.flatMap((each) => (each.kind === 'refused' ? each.problems : []));
  if (files.length === 0) throw refused('has no file that ends in .yaml or .yml');
  if (problems.length > 0) throw refused(`is not a table of types:\n${formatProblems(problems, files)}`);
  const apiVersions = new Map<string, string>();
  for (const each of parsed) {
    if (each.kind === 'refused') continue;
    addTargetTypes(each.types.profiles);
    addWireTypes(each.types.wire);
    for (const [type, version] of each.types.apiVersions) apiVersions.set(type, version);
  }
  const wrong = choiceProblems(config.targetTypes);
  if (wrong.length > 0) throw new ConfigError(wrong);
  return { ...config, apiVersions: new Map([...apiVersions, ...(config.apiVersions ?? [])]) };
}

async function readFrom(reader: PolicyReader): Promise<readonly PolicyFile[]> {
  try {
    return await reader.read();
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    throw refused(error.message.replace(/^the policy /, ''));
  }
}

function refused(problem: string): ConfigError {
  return new ConfigError([{ setting: 'TARGET_TYPES_PATH', problem }]);
}
