import { PosternError } from '../../base/errors';
import { type Environment, readArmConfig } from '../../config/config';
import { loadOwnTypes } from '../../config/types/load-types';
import { createDiskPolicyReader } from '../../policy/source/disk-policy-reader';
import { isUrl } from '../load-policy';
import { createLivePolicy } from './live-azure';

/**
 * Adds the table of TARGET_TYPES_PATH, as the app does, and returns the environment with its api-versions. Without that
 * setting, returns the environment as it is.
 * @throws PosternError CONFIG_INVALID with the place of each problem
 */
export async function withOwnTypes(environment: Environment): Promise<Environment> {
  const path = environment['TARGET_TYPES_PATH']?.trim() ?? '';
  if (path === '') return environment;
  const reader = isUrl(path) ? createLivePolicy(path, environment) : createDiskPolicyReader(path);
  const { apiVersions } = await loadOwnTypes(readArmConfig(environment), reader);
  const versions = [...(apiVersions ?? [])].map(([name, version]) => `${name}=${version}`);
  return { ...environment, API_VERSIONS: versions.join() };
}

/**
 * Adds the table that an app's settings name, unless the environment names the same one, and returns the settings with
 * its api-versions. Settings with other mistakes are returned as they are: whoever reads them reports those.
 * @throws PosternError CONFIG_INVALID with the place of each problem of the table
 */
export async function withOwnTypesOf(settings: Environment, environment: Environment): Promise<Environment> {
  const path = settings['TARGET_TYPES_PATH']?.trim() ?? '';
  if (path === '' || path === environment['TARGET_TYPES_PATH']?.trim()) return settings;
  const all = { ...environment, ...settings };
  if (!isReadable(all)) return settings;
  const { API_VERSIONS } = await withOwnTypes(all);
  return API_VERSIONS === undefined ? settings : { ...settings, API_VERSIONS };
}

function isReadable(environment: Environment): boolean {
  try {
    readArmConfig(environment);
    return true;
  } catch (error) {
    if (error instanceof PosternError) return false;
    throw error;
  }
}
