/** A custom role as infra/roles has it. */
export interface CustomRole {
  readonly roleName: string;
  readonly description: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}
export function deployerRoles(
  templates: Readonly<Record<string, unknown>>,
  onboarding: { readonly actions: readonly string[] },
): Record<string, CustomRole>;
