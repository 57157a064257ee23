/** A command of the Azure CLI: its words after `az`, and its options. */
export interface AzCommand {
  readonly words: readonly string[];
  readonly options: readonly string[];
}
export function azCommandsIn(text: string): AzCommand[];
export function literalsIn(code: string): string;
