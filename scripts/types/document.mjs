/** Writes docs/target-types.md from the rows that `postern types --json` prints. */
export function documentOf(infos) {
  const counts = (evidence) => infos.filter((info) => info.evidence === evidence).length;
  const rows = [...infos].sort(
    (one, other) => one.service.localeCompare(other.service) || one.type.localeCompare(other.type),
  );
  return `# Target types

<!-- Written by npm run types from data/. -->

Postern knows ${infos.length} types of resource that take private endpoint connections: ${counts('recorded')} recorded, ${counts('described')} described, ${counts('listed')} listed.
\`npx postern types\` prints this table, \`npx postern types sql\` everything that is known of one service, \`--json\` all of it.

- **Service**: the word for \`targets\` of a rule, \`target.service\` in a condition, and the setting \`TARGET_TYPES\`.
- **Evidence**: *recorded*: real traffic shows the type's writes, and Postern answers it if \`TARGET_TYPES\` is not set. *described*: only
  Microsoft's specification does. *listed*: nothing is known but its name.
- **Revoke**: what takes an approval back. *delete rule*: only a rule with \`effect: delete\` is sure to.
- **Many**: one approval opens many resources, so a rule must [name it](policy.md#which-targets).
- **Role**: what the operator role cannot name, because Azure lists no such action. Such a call is answered with 403.

| service | type | evidence | api-version | writes | revoke | many | group ids | role |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.map(rowOf).join('\n')}

## What is known of each

${rows
  .filter(({ notes }) => notes.length > 0)
  .map(notesOf)
  .join('\n')}
`;
}

function rowOf(info) {
  const { write, revocation, canReviveRejected } = info;
  const writes = write === 'none' ? 'read only' : `${write}${canReviveRejected ? ', approves again' : ''}`;
  const revoke = write === 'none' ? '' : (revocation ?? 'delete rule');
  const cells = [
    `\`${info.service}\``,
    info.type,
    info.evidence,
    info.apiVersion,
    writes,
    revoke,
    info.opensMany ? 'yes' : '',
    info.groupIds.join(', '),
    roleOf(info),
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

function roleOf({ unlistedActions }) {
  return unlistedActions === undefined ? '' : unlistedActions.replace(/^Azure lists no action for: /, 'not ');
}

function notesOf({ type, label, notes }) {
  return `- **${type}** (${label}): ${notes.map((note) => cell(note)).join(' ')}`;
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}
