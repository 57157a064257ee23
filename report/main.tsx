import { render } from 'preact';
import { unpackRows, type PageData } from '../src/report/page-data';
import { App } from './app';

/** Shows the report that the page holds. */
function start(root: Element): void {
  const text = document.querySelector('#data')?.textContent ?? '';
  const data = JSON.parse(text) as PageData;
  root.textContent = '';
  render(<App data={data} rows={unpackRows(data)} />, root);
}

const root = document.querySelector('#app');
if (root === null) throw new Error('The page has no place for the report.');
start(root);
