import type { Check } from '../check';
import type { Examination } from '../examination';
import { ok, warning, type Finding } from '../finding';
import type { Identity } from '../sources';

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

/** `ownClientId`: AZURE_CLIENT_ID as it is set, the identity that Postern itself acts as. */
export function judgeIdentity(identity: Identity, ownClientId: string | undefined): readonly Finding[] {
  const got = ok('token', `Azure Resource Manager takes ${describeIdentity(identity)}`);
  const own = ownClientId?.trim().toLowerCase();
  if (own === undefined || own === '' || own === identity.clientId?.toLowerCase()) return [got];
  const message = 'names Postern’s identity, and another one runs doctor: the rights below are not Postern’s';
  const fix = 'read them as your own, or run doctor as that identity (docs/doctor.md)';
  return [got, warning('AZURE_CLIENT_ID', message, fix)];
}

/** `client …, object …, tenant …`, or as much of it as is known. */
export function describeIdentity({ clientId, objectId, tenantId, isPerson }: Identity): string {
  const parts = [
    isPerson ? undefined : labelled('client', clientId),
    labelled(isPerson ? 'the person' : 'object', objectId),
    labelled('tenant', tenantId),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'a token whose claims cannot be read' : parts.join(', ');
}

function labelled(label: string, id: string | undefined): string | undefined {
  return id === undefined ? undefined : `${label} ${id}`;
}
