import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { LocalPerson } from '../../../dev/console/people';
import { people } from '../../../dev/console/people';
import { connectionHash } from './samples';
import { enter, openVisitor, startBrowser, type Visitor } from './browser';
import { startStandIn, type StandIn } from './stand-in';

/** One person with the role to operate. */
export const operator: LocalPerson = people.operator;

/** What the tests of the page share: a browser, and for each test an app of its own. */
export interface PageSuite {
  readonly app: StandIn;
  /** Opens a browser and signs in. A violation of the page's rules in it fails the test. */
  visit(person: LocalPerson, hash?: string, options?: VisitOptions): Promise<Visitor>;
  /** Opens a browser with an empty page. */
  visitSignedOut(options?: VisitOptions): Promise<Visitor>;
  /** Opens a browser at one connection. */
  visitConnection(person: LocalPerson, name: string, options?: VisitOptions): Promise<Visitor>;
}

/** How a browser differs from an ordinary one. */
export interface VisitOptions extends BrowserContextOptions {
  /** Whether the page's clock is the test's. */
  readonly isClockMine?: boolean;
}

/** Declares what the tests of the page need, within a `describe`. */
export function createPageSuite(): PageSuite {
  let browser: Browser | undefined = undefined;
  let app: StandIn | undefined = undefined;
  let visitors: Visitor[] = [];
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    visitors = [];
    app = await startStandIn(Object.values(people));
  });
  afterEach(async () => {
    const wrongs = visitors.flatMap((visitor) => visitor.wrongs);
    await Promise.all(visitors.map(({ context }) => context.close()));
    await app?.close();
    expect(wrongs).toEqual([]);
  });
  const suite: PageSuite = {
    get app() {
      if (app === undefined) throw new Error('No test is running');
      return app;
    },
    visitSignedOut: async ({ isClockMine = false, ...options } = {}) => {
      if (browser === undefined) throw new Error('The browser is not running');
      const { provider, url } = suite.app;
      const visitor = await openVisitor(browser, [new URL(url).origin, provider.authority], options);
      visitors.push(visitor);
      if (isClockMine) await visitor.page.clock.install();
      return visitor;
    },
    visit: async (person, hash, options) => {
      const visitor = await suite.visitSignedOut(options);
      await enter(visitor, { url: suite.app.url, as: person.name, ...(hash === undefined ? {} : { hash }) });
      return visitor;
    },
    visitConnection: (person, name, options) => suite.visit(person, connectionHash(name), options),
  };
  return suite;
}
