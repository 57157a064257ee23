import type { Check } from '../check';
import type { Examination } from '../examination';
import { ok, warning, type Finding } from '../finding';
import type { Identity } from '../sources';

/** Creates the check of the identity that runs doctor. */
export function identityCheck({ sources }: Examination): Check {
  return {
    name: 'identity',
    title: 'Identity',
    async run({ report }) {
      const identity = await sources.identity().whoAmI();
      judgeIdentity(identity, sources.settings.environment['AZURE_CLIENT_ID']).forEach(report);
    },
  };
}

/**
 * Reports the identity and compares it with `ownClientId` (AZURE_CLIENT_ID), the identity of
 * Postern itself.
 */
export function judgeIdentity(identity: Identity, ownClientId: string | undefined): readonly Finding[] {
  const got = ok('token', `signed in to Azure Resource Manager as ${describeIdentity(identity)}`);
  const own = ownClientId?.trim().toLowerCase();
  if (own === undefined || own === '' || own === identity.clientId?.toLowerCase()) return [got];
  const message =
    'is Postern’s identity, but another identity runs doctor: the permissions below are not Postern’s';
  const fix = 'to check Postern’s own permissions, run doctor with its identity (docs/doctor.md)';
  return [got, warning('AZURE_CLIENT_ID', message, fix)];
}

/** Formats the known ids of an identity: `client …, object …, tenant …`. */
export function describeIdentity({ clientId, objectId, tenantId, isPerson }: Identity): string {
  const parts = [
    isPerson ? undefined : labelled('client', clientId),
    labelled(isPerson ? 'user' : 'object', objectId),
    labelled('tenant', tenantId),
  ].filter((part) => part !== undefined);
  return parts.length === 0
    ? 'an unknown identity, because the token’s claims cannot be read'
    : parts.join(', ');
}

function labelled(label: string, id: string | undefined): string | undefined {
  return id === undefined ? undefined : `${label} ${id}`;
}
