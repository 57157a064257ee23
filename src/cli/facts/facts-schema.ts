import * as z from '../../base/schema/schema';
import { isGuid } from '../../base/guid';
import { requesterProofs } from '../../policy/facts/facts';

const text = z.string({ error: 'must be text: put it in quotes' });
const instant = z.pipe(
  text.check(
    z.refine((value) => /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value)), {
      error: 'must be an instant such as "2026-01-31T00:00:00Z"',
    }),
  ),
  z.transform((value) => new Date(value)),
);
const tags = z.record(z.string(), text);
const tenant = text.check(z.refine(isGuid, { error: 'must be the id of a tenant, a GUID' }));
const count = z.number({ error: 'must be a number' }).check(z.int(), z.nonnegative());

/** Schema of an instant in ISO 8601. */
export const instantSchema = instant;

/**
 * Schema of facts as a person or `postern export` writes them. Missing facts are derived from
 * others, or absent.
 */
export const factsInputSchema = z.strictObject({
  connection: z.optional(
    z.strictObject({
      id: z.optional(text),
      name: z.optional(text),
      status: z.optional(text.check(z.minLength(1))),
      message: z.optional(text),
      groupIds: z.optional(z.array(text)),
      provisioningState: z.nullish(text),
      firstSeen: z.optional(instant),
    }),
  ),
  /** `null`: the connection has no endpoint. */
  endpoint: z.nullish(
    z.strictObject({
      id: z.optional(text),
      subscriptionId: z.optional(text),
      resourceGroup: z.optional(text),
      name: z.optional(text),
      tenantId: z.nullish(tenant),
      tenant: z.nullish(z.enum(['own', 'microsoft', 'other'], { error: 'must be own, microsoft or other' })),
      location: z.nullish(text),
      tags: z.nullish(tags),
      subnetId: z.nullish(text),
      virtualNetworkId: z.nullish(text),
      peeredNetworks: z.nullish(z.array(text)),
      manual: z.nullish(z.boolean({ error: 'must be true or false' })),
      resourceGuid: z.nullish(text),
    }),
  ),
  /** `null` or missing: the endpoint is not known to be ours. */
  requester: z.nullish(
    z.strictObject({
      id: z.optional(text),
      type: z.optional(text),
      name: z.optional(text),
      subscriptionId: z.optional(text),
      subscriptionName: z.nullish(text),
      subscriptionTags: z.nullish(tags),
      managementGroups: z.nullish(z.array(text)),
      how: z.optional(z.enum(requesterProofs, { error: 'must be endpoint, name or message' })),
    }),
  ),
  target: z.optional(
    z.strictObject({
      id: z.optional(text),
      type: z.optional(text),
      subscriptionId: z.optional(text),
      resourceGroup: z.optional(text),
      name: z.optional(text),
      tenantId: z.nullish(tenant),
      kind: z.nullish(text),
      location: z.nullish(text),
      tags: z.nullish(tags),
    }),
  ),
  /** `null` or missing: nobody has announced the request. */
  expected: z.nullish(z.strictObject({ by: z.optional(text), until: z.optional(instant) })),
  consumer: z.nullish(
    z.strictObject({
      pending: z.optional(count),
      approved: z.optional(count),
      rejected: z.optional(count),
      disconnected: z.optional(count),
    }),
  ),
});

/** Facts as a person or `postern export` writes them, validated. */
export type FactsInput = z.output<typeof factsInputSchema>;
