import type { Running } from '../second-terminal/running-file';
import { person, targetIdOf } from '../world';

/** Returns commands, ready to paste, that request a connection. */
export function curlHelp({ identityUrl, identitySecret, armUrl, certFile, hostUrl }: Running): string {
  const endpoint =
    '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/mine/providers/Microsoft.Network/privateEndpoints/pe-mine';
  const body = JSON.stringify({
    location: 'westeurope',
    properties: {
      manualPrivateLinkServiceConnections: [
        {
          name: 'pe-mine',
          properties: { privateLinkServiceId: targetIdOf('kv-payments'), requestMessage: 'Hello' },
        },
      ],
    },
  });
  return `Request your own connection and watch Postern answer it:

TOKEN=$(curl -s -H 'X-IDENTITY-HEADER: ${identitySecret}' '${identityUrl}?api-version=2019-08-01&resource=https://management.azure.com&client_id=${person.appId}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
curl -s --cacert ${certFile} -X PUT -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' '${armUrl}${endpoint}?api-version=2024-05-01' -d '${body}'

With the Azure CLI (docs/local-azure.md): az login --identity --client-id ${person.appId}

ARM ${armUrl} (certificate ${certFile}), identity ${identityUrl} (X-IDENTITY-HEADER: ${identitySecret}), Functions host ${hostUrl}
`;
}
