import { useEffect, useState } from 'preact/hooks';
import type { Me, OpenItem } from '../../src/console/api';
import { calm } from '../api/pace';
import { useResource } from '../api/use-resource';
import { hashOf, type Route, tabs } from '../base/route';
import { useConsole, useNow } from '../parts/context';
import { Heading } from '../parts/screen';
import { Banners } from './banners';
import { Limits } from './limits';
import type { ListPage } from './use-rows';
import { OpenList } from './open-list';
import { RecentList } from './recent-list';

const titles = {
  held: 'Waiting for a person',
  working: 'Postern is working on',
  limited: 'Held by a limit',
  'given-up': 'Given up',
  recent: 'Recent',
} as const;

/** Shows the lists: what waits for a person, what Postern is doing, and what has ended. */
export function Waiting({
  route: { tab, after, day },
}: {
  readonly route: Extract<Route, { kind: 'list' }>;
}) {
  const { me: signedIn } = useConsole();
  const { value: me = signedIn } = useResource<Me>('me', () => calm);
  const now = useNow();
  const [page, setPage] = useState<ListPage<OpenItem>>();
  useEffect(() => setPage(undefined), [tab]);
  const count = page?.count;
  return (
    <>
      <Heading title={titles[tab]} />
      <Banners me={me} now={now} />
      <nav class="tabs" aria-label="Lists">
        {tabs.map((each) => (
          <a
            key={each.tab}
            href={hashOf({ kind: 'list', tab: each.tab })}
            aria-current={each.tab === tab ? 'page' : undefined}
          >
            {each.label}
            {each.tab === tab &&
              count !== undefined &&
              ` (${count.n.toLocaleString('en')}${count.more ? '+' : ''})`}
          </a>
        ))}
      </nav>
      {tab === 'limited' && <Limits me={me} />}
      {tab === 'recent' ? (
        <RecentList day={day} today={new Date(now).toISOString().slice(0, 10)} after={after} />
      ) : (
        <OpenList key={tab} tab={tab} after={after} now={now} onPage={setPage} />
      )}
    </>
  );
}
