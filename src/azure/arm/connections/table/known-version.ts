import { hasCode } from '../../../../base/errors';
import type { TargetType } from '../../../../connections/target-type';
import { versionCodes } from '../../refusal/advice';
import { type WireType, wireTypeOf } from './wire-type';

/** Runs `work` with the row of a type, whose api-version is one that Azure knows, as far as that was found out. */
export type WithWireType = <Result>(
  type: TargetType,
  work: (wire: WireType) => Promise<Result>,
) => Promise<Result>;

/**
 * Creates the function. A cloud or a region may be behind: where it does not know the api-version of a type, the others
 * of its row are tried in turn, and the first that is known is used from then on. A request that is refused for its
 * api-version has no effect, so that `work` may run again. `note` is called with each change, for people.
 */
export function createWithWireType(note: (text: string) => void): WithWireType {
  const inUse = new Map<TargetType, number>();
  return async (type, work) => {
    const row = await wireTypeOf(type);
    const versions = [row.apiVersion, ...(row.fallbackApiVersions ?? [])];
    for (let index = inUse.get(type) ?? 0; ; index += 1) {
      const apiVersion = versions[index] ?? row.apiVersion;
      try {
        const result = await work({ ...row, apiVersion });
        if (index > 0 && inUse.get(type) !== index)
          note(`${type}: Azure does not know the api-version ${row.apiVersion} here; ${apiVersion} is used`);
        inUse.set(type, index);
        return result;
      } catch (error) {
        if (index + 1 < versions.length && isAboutVersion(error)) continue;
        // Whatever else is wrong: the next call begins with a version that was known, or with the first one.
        if (isAboutVersion(error)) inUse.delete(type);
        throw error;
      }
    }
  };
}

function isAboutVersion(error: unknown): boolean {
  return hasCode(error, 'ARM_REFUSED') && error.armCode !== undefined && versionCodes.has(error.armCode);
}
