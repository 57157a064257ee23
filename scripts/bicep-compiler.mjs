// Finds the Bicep compiler, or gets it from NuGet.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const project = 'infra/compiler/bicep.csproj';
// Both run on machines that have no ICU.
const environment = {
  ...process.env,
  DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1',
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_NOLOGO: '1',
};

/** Gives the path of the compiler: `BICEP` if it is set, else the pinned version from NuGet's folder, downloaded if it is not there. */
export async function bicepCompiler() {
  if (process.env.BICEP) return process.env.BICEP;
  const text = await readFile(project, 'utf8');
  const [, version] = /Version="\[([\d.]+)\]"/.exec(text) ?? [];
  const platform = `${{ win32: 'win', darwin: 'osx' }[process.platform] ?? 'linux'}-${process.arch}`;
  const packages = process.env.NUGET_PACKAGES ?? join(homedir(), '.nuget', 'packages');
  const name = process.platform === 'win32' ? 'bicep.exe' : 'bicep';
  const path = join(packages, `azure.bicep.commandline.${platform}`, version, 'tools', name);
  if (!existsSync(path)) await download(text, platform, packages);
  return path;
}

/** Runs the compiler. Gives exit code and output; never throws for what the compiler says. */
export async function bicep(compiler, args, options = {}) {
  const env = { ...environment, ...options.env };
  try {
    const { stdout, stderr } = await run(compiler, args, { ...options, env, maxBuffer: 64 * 1024 * 1024 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    if (typeof error.code !== 'number') throw error;
    return { code: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}

async function download(text, platform, packages) {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bicep-'));
  try {
    await writeFile(join(folder, 'bicep.csproj'), text);
    const args = ['restore', join(folder, 'bicep.csproj'), '--packages', packages];
    await run('dotnet', [...args, `-p:BicepPlatform=${platform}`], { env: environment });
  } catch (error) {
    const said =
      error.code === 'ENOENT' ? 'there is no dotnet here' : `${error.stdout ?? ''}${error.message}`;
    throw new Error(
      `The Bicep compiler could not be got from NuGet: ${said}.\nInstall the .NET SDK, or set BICEP to a compiler that is there.`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
