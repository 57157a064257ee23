import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { flagMeanings, flagWords } from '../../src/report/flags';
import type { ReportRow, ReportVerdict } from '../../src/report/row';
import { ageText, nameOf, sourceWords, tenantText, utc } from '../words';
import { type CellContext, Name } from './columns';

/** Shows everything that the report has about one connection. */
export function Details({
  row,
  now,
  labelOf,
  onClose,
}: CellContext & { readonly row: ReportRow; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const { endpoint, requester, decision, policy } = row;
  return (
    <dialog ref={dialog} aria-labelledby="details-title" onClose={onClose}>
      <h2 id="details-title">
        Connection <Name text={nameOf(row.connection)} />
      </h2>
      {row.flags.length > 0 && (
        <ul>
          {row.flags.map((flag) => (
            <li key={flag}>
              <strong>{flagWords[flag]}.</strong> {flagMeanings[flag]}
            </li>
          ))}
        </ul>
      )}
      <dl>
        <Item title="Status">
          <Name text={row.status} />
          {row.since !== undefined && ` for ${ageText(row.since, now)}, since ${utc(row.since)}`}
        </Item>
        <Item title={`Target: ${labelOf(row.type)}`}>
          <Id text={row.target} />
        </Item>
        <Item title="Connection">
          <Id text={row.connection} />
          {row.groupIds.length > 0 && (
            <>
              {' '}
              for <Name text={row.groupIds.join(', ')} />
            </>
          )}
        </Item>
        <Item title="Endpoint">
          {endpoint === undefined ? 'Azure names none' : <Id text={endpoint.id} />}
        </Item>
        <Item title="Tenant of the endpoint">
          {tenantText(row) ?? 'none'} <Name text={endpoint?.tenantId ?? ''} />
        </Item>
        <Item title="Requester">
          {requester === undefined ? 'not known' : <Id text={requester.id} />}
          {row.requesterProof !== undefined && (
            <p class="note">
              <Name text={row.requesterProof} />
            </p>
          )}
        </Item>
        {requester !== undefined && (
          <Item title="Subscription and management groups of the requester">
            <Name text={requester.subscriptionName ?? requester.subscription} />
            {requester.managementGroups !== undefined && (
              <>
                , <Name text={requester.managementGroups.join(' ‹ ')} />
              </>
            )}
          </Item>
        )}
        <Item title="Message, in the requester’s or the provider’s words">
          <blockquote>
            <Name text={row.message} />
          </blockquote>
        </Item>
        <Item title="Decided by">
          {sourceWords[decision.source]}
          {decision.by !== undefined && (
            <>
              : <Name text={decision.by} />
            </>
          )}
          {decision.effect !== undefined && `, ${decision.effect}`}
          {decision.at !== undefined && `, ${utc(decision.at)}`}
          {(decision.rules ?? []).length > 0 && (
            <>
              , by <Name text={(decision.rules ?? []).join(', ')} />
            </>
          )}
          {decision.reason !== undefined && (
            <p class="note">
              <Name text={decision.reason} />
            </p>
          )}
        </Item>
        {row.endsAt !== undefined && <Item title="End of the approval">{utc(row.endsAt)}</Item>}
        <Item title="What today’s policy does with it">
          <Verdict verdict={policy?.now} />
        </Item>
        {policy?.asRequest !== undefined && (
          <Item title="What today’s policy would answer to the same request">
            <Verdict verdict={policy.asRequest} />
          </Item>
        )}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}

function Item({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Id({ text }: { readonly text: string }) {
  return (
    <code>
      <Name text={text} />
    </code>
  );
}

function Verdict({ verdict }: { readonly verdict: ReportVerdict | undefined }) {
  if (verdict === undefined) return <>not asked</>;
  const { effect, rules, reason } = verdict;
  return (
    <>
      {effect === 'none' ? 'nothing' : effect}
      {rules.length > 0 && (
        <>
          , by <Name text={rules.join(', ')} />
        </>
      )}
      <p class="note">
        <Name text={reason} />
      </p>
    </>
  );
}
