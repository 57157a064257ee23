import type { ComponentChildren } from 'preact';
import { flagWords } from '../../src/report/flags';
import type { ReportRow } from '../../src/report/row';
import type { SortColumn } from '../filter/sort';
import {
  ageText,
  groupOf,
  nameOf,
  policyText,
  requesterText,
  sourceText,
  sourceWords,
  tenantText,
  utc,
} from '../words';

/** What cells need besides their row. */
export interface CellContext {
  readonly now: Date;
  readonly labelOf: (type: string) => string;
}

/** A column of the list. */
export interface Column {
  readonly key: SortColumn;
  readonly title: string;
  readonly cell: (row: ReportRow, context: CellContext) => ComponentChildren;
}

/** The columns of the list, on the screen and in print. */
export const columns: readonly Column[] = [
  {
    key: 'target',
    title: 'Target',
    cell: ({ target, type }, { labelOf }) => (
      <Two first={<Name text={nameOf(target)} />} second={`${labelOf(type)}, ${groupOf(target)}`} />
    ),
  },
  {
    key: 'requester',
    title: 'Requester',
    cell: (row) => <Two first={<Name text={requesterText(row) ?? 'no endpoint'} />} second={whereOf(row)} />,
  },
  {
    key: 'tenant',
    title: 'Tenant',
    cell: (row) => <Two first={tenantText(row) ?? 'none'} second={row.endpoint?.tenantId ?? ''} />,
  },
  { key: 'status', title: 'Status', cell: ({ status }) => <Name text={status} /> },
  {
    key: 'since',
    title: 'Since',
    cell: ({ since }, { now }) =>
      since === undefined ? 'unknown' : <Two first={ageText(since, now)} second={since.slice(0, 10)} />,
  },
  {
    key: 'decision',
    title: 'Decided by',
    cell: ({ decision }) => (
      <Two first={<Name text={sourceText(decision)} />} second={decidedText(decision)} />
    ),
  },
  {
    key: 'policy',
    title: 'Policy today',
    cell: (row) => <Two first={policyText(row) ?? 'not asked'} second={rulesText(row)} />,
  },
  {
    key: 'flags',
    title: 'To look at',
    cell: ({ flags, endsAt }) => (
      <Two
        first={flags.map((flag) => flagWords[flag]).join(', ')}
        second={endsAt === undefined ? '' : `ends ${utc(endsAt)}`}
      />
    ),
  },
];

/** Shows text that a stranger may have chosen; it cannot turn the text beside it. */
export function Name({ text }: { readonly text: string }) {
  return <bdi>{text === '' ? '(empty)' : text}</bdi>;
}

function Two({ first, second }: { readonly first: ComponentChildren; readonly second: string }) {
  return (
    <>
      <span class="line">{first}</span>
      <span class="line note">
        <bdi>{second}</bdi>
      </span>
    </>
  );
}

function whereOf({ requester, endpoint }: ReportRow): string {
  const [group] = requester?.managementGroups ?? [];
  const subscription = requester?.subscriptionName ?? requester?.subscription ?? endpoint?.subscription ?? '';
  return group === undefined ? subscription : `${group} › ${subscription}`;
}

function decidedText({ source, rules = [], at }: ReportRow['decision']): string {
  const who = source === 'person' || (source === 'rule' && rules.length > 0) ? sourceWords[source] : '';
  return [who, at?.slice(0, 10) ?? ''].filter((text) => text !== '').join(', ');
}

function rulesText({ policy }: ReportRow): string {
  const verdict = policy?.asRequest ?? policy?.now;
  if (verdict === undefined) return '';
  return verdict.rules.length === 0 ? verdict.reason : verdict.rules.join(', ');
}
