// Comments the plan in the file POSTERN_PLAN_FILE on the pull request of the event, or replaces its own earlier comment.
import { readFileSync } from 'node:fs';

const marker = '<!-- postern-plan -->';
// GitHub takes 65,536 characters.
const longest = 60_000;
const pages = 10;

const api = required('GITHUB_API_URL');
const repository = required('GITHUB_REPOSITORY');
if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new Error('GITHUB_REPOSITORY is no owner/name.');
const number = JSON.parse(readFileSync(required('GITHUB_EVENT_PATH'), 'utf8')).pull_request?.number;
if (!Number.isSafeInteger(number)) throw new Error('The event belongs to no pull request.');

const comments = `/repos/${repository}/issues/${number}/comments`;
const body = `${marker}\n${shortened(readFileSync(required('POSTERN_PLAN_FILE'), 'utf8'))}`;
const earlier = await findEarlier();
if (earlier === undefined) await call('POST', comments, { body });
else await call('PATCH', `/repos/${repository}/issues/comments/${earlier.id}`, { body });
console.log(earlier === undefined ? 'Commented the plan.' : 'Replaced the comment with the plan.');

/** Finds the comment of an earlier run. A person's comment is never replaced, whatever it contains. */
async function findEarlier() {
  for (let page = 1; page <= pages; page += 1) {
    const found = await call('GET', `${comments}?per_page=100&page=${page}`);
    const own = found.find(({ user, body: text }) => user?.type === 'Bot' && text?.startsWith(marker));
    if (own !== undefined || found.length < 100) return own;
  }
  return undefined;
}

async function call(method, path, content) {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${required('GITHUB_TOKEN')}`,
      accept: 'application/vnd.github+json',
      'content-type': 'application/json',
    },
    ...(content === undefined ? {} : { body: JSON.stringify(content) }),
    redirect: 'error',
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) {
    const fix = response.status === 403 ? ' The job needs the permission pull-requests: write.' : '';
    throw new Error(`GitHub answered ${response.status} to ${method} ${path}.${fix}`);
  }
  return response.json();
}

/** Cuts a long plan at the end of a line. */
function shortened(plan) {
  if (plan.length <= longest) return plan;
  return `${plan.slice(0, plan.lastIndexOf('\n', longest))}\n\nThe plan is longer: see the log of this run.`;
}

function required(name) {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is missing.`);
  return value;
}
