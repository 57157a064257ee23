/** A tool as a shell completes it. Names and options are words of letters and dashes. */
export interface CompletedTool {
  readonly name: string;
  /** One line without an apostrophe. */
  readonly summary: string;
  /** With their dashes. */
  readonly options: readonly string[];
}

/** Writes the completion script of one shell. */
export type WriteScript = (tools: readonly CompletedTool[]) => string;

/** The shells, and how their scripts are written. */
export const scripts: ReadonlyMap<string, WriteScript> = new Map<string, WriteScript>([
  ['bash', bash],
  ['zsh', zsh],
  ['fish', fish],
  ['powershell', powershell],
]);

function bash(tools: readonly CompletedTool[]): string {
  const cases = tools.map(({ name, options }) => `    ${name}) words='${options.join('\n')}' ;;`);
  return `_postern() {
  local IFS=$'\\n' current="\${COMP_WORDS[COMP_CWORD]}" words=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${tools.map(({ name }) => name).join('\n')}' -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [ "\${current:0:1}" = - ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _postern postern
`;
}

function zsh(tools: readonly CompletedTool[]): string {
  const names = tools.map(({ name, summary }) => `    '${name}:${summary}'`);
  const cases = tools.map(({ name, options }) => `    ${name}) known=(${options.join(' ')}) ;;`);
  return `#compdef postern
_postern() {
  local -a tools known
  tools=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe tool tools
    return
  fi
  case "$words[2]" in
${cases.join('\n')}
  esac
  if [[ "$PREFIX" == -* ]]; then
    compadd -- $known
  else
    _files
  fi
}
compdef _postern postern
`;
}

function fish(tools: readonly CompletedTool[]): string {
  const lines = tools.flatMap(({ name, summary, options }) => [
    `complete -c postern -n __fish_use_subcommand -a ${name} -d '${summary}'`,
    ...options.map(
      (option) => `complete -c postern -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`,
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

function powershell(tools: readonly CompletedTool[]): string {
  const rows = tools.map(
    ({ name, options }) => `    '${name}' = @(${options.map((each) => `'${each}'`).join(', ')})`,
  );
  return `Register-ArgumentCompleter -Native -CommandName postern -ScriptBlock {
  param($word, $line, $position)
  $tools = [ordered]@{
${rows.join('\n')}
  }
  $tool = [string]($line.CommandElements | Select-Object -Skip 1 -First 1)
  $words = if ($tools.Contains($tool)) { $tools[$tool] } else { $tools.Keys }
  $words | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}
