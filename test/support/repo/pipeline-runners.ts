/**
 * Returns the lines of a step's output that pipeline runners take for commands, according to their sources:
 * `Command.cs` of Azure Pipelines' agent and `ActionCommand.cs` of GitHub's runner. Stricter than the runners
 * where .NET's culture-sensitive comparison may ignore characters in a prefix, and where a command would have
 * to be a known one.
 */
export function commandsIn(output: string): string[] {
  return output.split(/\r\n|[\n\r\u0085\u2028\u2029]/).filter(isCommand);
}

function isCommand(line: string): boolean {
  return [
    line,
    line.replace(/[\p{Default_Ignorable_Code_Point}\p{Cc}\p{M}\u0640\u07fa\u180a\u1cd3\ufe73]/gu, ''),
  ].some((text) => azurePipelines(text) || gitHub(text) || others(text));
}

function azurePipelines(line: string): boolean {
  const folded = line.toLowerCase();
  return folded.includes('##vso[') || folded.includes('##[');
}

function gitHub(line: string): boolean {
  return line.trimStart().startsWith('::') || line.includes('##[');
}

function others(line: string): boolean {
  return /##(?:teamcity|octopus)\[/i.test(line);
}
