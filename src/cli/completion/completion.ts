import { fixFor } from '../../base/did-you-mean';
import { CliError, type Command } from '../cli-host';
import { printScript } from '../output';
import { readArgs } from '../tool-options';
import { type CompletedTool, scripts } from './scripts';

const options = {};

/** Creates the tool `postern completion`, which prints a script for a shell. */
export function createCompletion(tools: () => readonly CompletedTool[]): Command {
  return {
    summary: 'print the script with which a shell completes tools and options',
    options,
    help: `Usage: postern completion <bash | zsh | fish | powershell>

Prints a script that makes a shell complete the names of tools and options, and paths otherwise.

  bash        source <(postern completion bash), in ~/.bashrc
  zsh         source <(postern completion zsh), in ~/.zshrc after compinit
  fish        postern completion fish > ~/.config/fish/completions/postern.fish
  powershell  postern completion powershell | Out-String | Invoke-Expression, in $PROFILE

Options:
  --help  show this help

Exit code: 0, or 2 for an unknown shell.`,

    async run(args, host) {
      const { positionals } = readArgs(args, options);
      const [name = '', ...others] = positionals;
      const script = scripts.get(name);
      if (script === undefined || others.length > 0)
        throw new CliError(
          name === ''
            ? 'name a shell: bash, zsh, fish or powershell'
            : `unknown shell ${name}: ${fixFor(name, scripts.keys())}`,
        );
      await printScript(host, script(tools()));
      return 0;
    },
  };
}
