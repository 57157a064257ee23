/** A parameter of a compiled template. */
export interface ParameterSchema {
  readonly type?: string;
  readonly defaultValue?: unknown;
  readonly metadata: { readonly description: string };
}
/** What is read of a compiled template. */
export interface CompiledTemplate {
  readonly parameters: Readonly<Record<string, ParameterSchema>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly definitions?: Readonly<Record<string, unknown>>;
}
/** Where a template is deployed, and what only Terraform must know. */
export interface ModulePlace {
  readonly source: string;
  readonly deploymentName: string;
  readonly parentId: string;
  readonly own: Readonly<Record<string, string>>;
}
export const modules: Readonly<Record<string, ModulePlace>>;
export function filesOf(place: ModulePlace, template: CompiledTemplate): Record<string, string>;
export function descriptionOf(schema: ParameterSchema): string;
