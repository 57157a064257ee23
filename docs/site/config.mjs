// The site of the documents. It loads nothing from elsewhere: fonts and the search index are its own.
const page = (text, path) => ({ text, link: `/docs/${path}` });

/** Names a heading as GitHub does, so that one link fits both. */
const slugify = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');

export default {
  title: 'Postern',
  description:
    'Answers Azure private endpoint connection requests by a declared policy, and proves what it did.',
  cleanUrls: false,
  lastUpdated: false,
  markdown: { anchor: { slugify } },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Tutorial', link: '/docs/tutorial' },
      { text: 'Cookbook', link: '/docs/cookbook' },
      { text: 'Deploy', link: '/docs/deploy' },
      { text: 'All documents', link: '/docs/' },
    ],
    sidebar: [
      { text: 'Learn', items: [{ text: 'What Postern is', link: '/' }, page('Tutorial', 'tutorial')] },
      {
        text: 'Write policies',
        items: [
          page('Cookbook', 'cookbook'),
          page('Policy', 'policy'),
          page('Suggest', 'suggest'),
          page('Auto-approval', 'auto-approval'),
          page('Report', 'report'),
        ],
      },
      {
        text: 'Run Postern',
        items: [
          page('Deploy', 'deploy'),
          page('Forty subscriptions', 'forty-subscriptions'),
          page('Operate', 'operate'),
          page('Doctor', 'doctor'),
          page('Console', 'console'),
          page('Settings', 'settings'),
          page('Audit', 'audit'),
          page('Outcome events', 'outcome-events'),
          page('Types of target', 'target-types'),
        ],
      },
      {
        text: 'Judge its safety',
        items: [
          page('Security', 'security'),
          page('Reliability', 'reliability'),
          page('Performance', 'performance'),
        ],
      },
      {
        text: 'Change Postern',
        items: [
          { text: 'Contributing', link: '/CONTRIBUTING' },
          page('Architecture', 'architecture'),
          page('Decisions', 'decisions/'),
          page('Local Azure', 'local-azure'),
          page('Writing', 'writing'),
        ],
      },
    ],
    outline: [2, 3],
  },
};
