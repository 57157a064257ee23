import type { ComponentChildren } from 'preact';
import type { ConnectionView } from '../../src/console/api';
import { durationSince, utc } from '../base/time';
import { Moment } from '../parts/moment';
import { ResourceId } from '../parts/resource-id';
import { Name, Odd, Quote } from '../parts/stranger';

/** Shows what is asked, by whom and of what. */
export function Facts({ view, now }: { readonly view: ConnectionView; readonly now: number }) {
  const { connection, target, endpoint, expected } = view;
  return (
    <section aria-labelledby="facts-heading">
      <h2 id="facts-heading">The request</h2>
      {connection.status.toLowerCase() === 'pending' ? (
        <Quote text={connection.message} />
      ) : (
        <p>
          Azure's description: <bdi>{connection.message || 'none'}</bdi>
        </p>
      )}
      <dl class="facts">
        <Fact name="Requester">
          {endpoint === undefined ? (
            'Azure names no endpoint.'
          ) : (
            <>
              {endpoint.name !== undefined && <Name text={endpoint.name} />}
              <Odd odd={endpoint.odd} />
              <ResourceId id={endpoint.id} what="endpoint" />
            </>
          )}
        </Fact>
        {endpoint?.subscription !== undefined && (
          <Fact name="Requester's subscription">
            <Name text={endpoint.subscription} />
          </Fact>
        )}
        <Fact name="In lists">
          {view.inLists.length === 0 ? 'none of the policy' : view.inLists.join(', ')}
        </Fact>
        {view.requesterProof !== undefined && (
          <Fact name="Behind it">
            <bdi>{view.requesterProof}</bdi>
          </Fact>
        )}
        {expected !== undefined && (
          <Fact name="Announced">
            by <bdi>{expected.by}</bdi>, until <Moment at={expected.until} />
          </Fact>
        )}
        <Fact name={`Target (${target.label})`}>
          <Name text={target.name} />
          <Odd odd={target.odd} />
          <ResourceId id={target.id} what="target" />
        </Fact>
        <Fact name="Connection">
          <Name text={connection.name} />
          <Odd odd={connection.odd} />
          <ResourceId id={connection.id} what="connection" />
        </Fact>
        <Fact name="Status">
          {connection.status}
          {connection.since !== undefined && (
            <>
              {' '}
              <time dateTime={connection.since}>
                for {durationSince(connection.since, now)} <span class="note">{utc(connection.since)}</span>
              </time>
            </>
          )}
        </Fact>
        {connection.groupIds.length > 0 && (
          <Fact name="Groups">
            <bdi>{connection.groupIds.join(', ')}</bdi>
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
