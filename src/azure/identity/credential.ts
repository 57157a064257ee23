import type { AccessToken, TokenCredential } from '@azure/core-auth';

export interface CredentialOptions {
  /** Whether the platform's identity variables (`IDENTITY_ENDPOINT`, `IDENTITY_HEADER`) are set. */
  readonly identityEndpointPresent: boolean;
  /** The user-assigned identity to use, `AZURE_CLIENT_ID`; absent for the system-assigned one. */
  readonly clientId?: string | undefined;
}

/**
 * Creates the credential that Postern uses: the managed identity where the platform offers one, otherwise
 * whatever a developer's machine has. `@azure/identity` is heavy, so it is loaded with the first token.
 * Tokens are never logged here.
 */
export function createCredential(options: CredentialOptions): TokenCredential {
  let loading: Promise<TokenCredential> | undefined;
  return {
    async getToken(scopes, tokenOptions): Promise<AccessToken | null> {
      loading ??= load(options).catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      const credential = await loading;
      return credential.getToken(scopes, tokenOptions);
    },
  };
}

async function load({ identityEndpointPresent, clientId }: CredentialOptions): Promise<TokenCredential> {
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  if (!identityEndpointPresent) {
    return clientId === undefined
      ? new DefaultAzureCredential()
      : new DefaultAzureCredential({ managedIdentityClientId: clientId });
  }
  return clientId === undefined
    ? new ManagedIdentityCredential()
    : new ManagedIdentityCredential({ clientId });
}
