import type { Me } from '../../src/console/api';
import { spanBetween } from '../base/time';
import { Banner } from '../parts/screen';

/** Shows what everybody should know before they read a list. */
export function Banners({ me, now }: { readonly me: Me; readonly now: number }) {
  const sweptAt = me.lastSweepAt === undefined ? undefined : Date.parse(me.lastSweepAt);
  return (
    <>
      {me.suspended !== undefined && (
        <Banner kind="warning">
          <strong>Nothing is decided at present.</strong> The policy did not load: {me.suspended}
        </Banner>
      )}
      {me.refused !== undefined && (
        <Banner kind="warning">
          <strong>A newer version of the policy is not in force.</strong> It did not load: {me.refused}
        </Banner>
      )}
      {me.mode === 'audit' && (
        <Banner kind="info">
          <strong>Audit mode.</strong> Postern records what it would do and changes nothing in Azure. Answers
          are not possible.
        </Banner>
      )}
      {sweptAt === undefined && (
        <Banner kind="info">No sweep has ended yet, so requests may be missing here.</Banner>
      )}
      {sweptAt !== undefined && now - sweptAt > 3_600_000 && (
        <Banner kind="warning">
          <strong>The last sweep ended {spanBetween(me.lastSweepAt ?? '', now)} ago.</strong> Requests whose
          events were lost may be missing here.
        </Banner>
      )}
    </>
  );
}
