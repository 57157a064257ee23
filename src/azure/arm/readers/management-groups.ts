import * as z from '../../../base/schema/schema';
import { lower } from '../../../base/compare';
import { isGuid } from '../../../base/guid';
import type { ManagementGroupReader } from '../../../review/lists/management-group-reader';
import type { ArmClient } from '../client';
import { graphRows } from './graph-query';
import type { ReportMalformed } from './resource-graph';

/** What Azure accepts as the id of a management group. Nothing else becomes part of a query. */
const idPattern = /^[A-Za-z0-9_().-]{1,90}$/;

const rowSchema = z.object({
  name: z.string().check(z.minLength(1)),
  tenantId: z.string().check(z.refine(isGuid), z.toLowerCase()),
});

/** Creates the reader of management groups, which asks Resource Graph. */
export function createArmManagementGroupReader(
  arm: ArmClient,
  report: ReportMalformed = () => undefined,
): ManagementGroupReader {
  return {
    async find(ids) {
      const wanted = new Set(ids.filter((id) => idPattern.test(id)).map(lower));
      if (wanted.size === 0) return [];
      const found: z.output<typeof rowSchema>[] = [];
      for await (const row of graphRows(arm, { text: groupsQuery([...wanted]), subscriptions: [] })) {
        const { data } = rowSchema.safeParse(row);
        if (data === undefined) report('Resource Graph listed a management group that cannot be read');
        else if (wanted.has(lower(data.name))) found.push(data);
      }
      return found;
    },
  };
}

/** All columns are text and the order is total, so that it can be paged. */
function groupsQuery(ids: readonly string[]): string {
  return [
    'resourcecontainers',
    `| where type =~ 'microsoft.management/managementgroups' and name in~ (${ids.map((id) => `'${id}'`).join(', ')})`,
    '| project id, name, tenantId = tostring(tenantId)',
    '| order by id asc',
  ].join('\n');
}
