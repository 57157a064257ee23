import type { Metafile } from 'esbuild';
import { bundledPackages } from './bundled-packages';
import { licensesOf } from './licenses';
import { requireSelfContained } from './self-contained';

/**
 * Returns the licenses of all packages in a bundle that is passed on alone, from the project in `root`.
 * @throws PackageError if the bundle is not self-contained, or a license is not acceptable.
 */
export async function thirdPartyLicenses(bundle: Pick<Metafile, 'outputs'>, root: string): Promise<string> {
  requireSelfContained(bundle);
  return licensesOf(await bundledPackages(bundle, root));
}
