import { people } from '../../../dev/console/people';
import { startNpmStart } from '../../../dev/console/npm-start';
import { describeInBrowser, startBrowser } from '../../support/page/browser';
import { projectRoot } from '../../support/repo/project';

describeInBrowser('npm start', () => {
  test('shows why pe-freeze is held, and whoever approves it sees it become applied', async () => {
    const [system, browser] = await Promise.all([startNpmStart(projectRoot), startBrowser()]);
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(120_000);
      await page.goto(system.url);
      await page.getByRole('button', { name: people.approver.name }).click();
      await page.getByRole('link', { name: 'pe-freeze' }).click();
      await page.getByText(/^Held for .*: frozen holds it\.$/).waitFor();
      await page.getByRole('button', { name: 'Approve …' }).click();
      await page.getByLabel('Reason').fill('The change board has agreed.');
      await page.getByRole('button', { name: 'Approve', exact: true }).click();
      await page
        .getByText(/^Postern has approved it at .* and Azure shows it\.$/)
        .first()
        .waitFor();
      const row = page.getByRole('row').filter({ hasText: 'answered by a person: approve' });
      await row.getByText(people.approver.name).waitFor();
      await row.getByText('The change board has agreed.').waitFor();

      // Whoever may only look sees who has answered, and has nothing to press.
      const viewer = await (await browser.newContext()).newPage();
      viewer.setDefaultTimeout(120_000);
      await viewer.goto(`${system.url}#/recent`);
      await viewer.getByRole('button', { name: people.viewer.name }).click();
      const ended = viewer.getByRole('row').filter({ hasText: 'pe-freeze' }).first();
      await ended.getByText(people.approver.name).waitFor();
      await viewer.getByRole('link', { name: 'Held' }).click();
      await viewer.getByRole('link', { name: 'pe-trial' }).click();
      await viewer.getByText('You need the role Postern.Approver.').first().waitFor();
      expect(await viewer.locator('main button:not([aria-disabled=true])').allTextContents()).toEqual(
        expect.not.arrayContaining([expect.stringMatching(/Approve|Reject|Delete|Withdraw|Review|Lift/)]),
      );
    } finally {
      await browser.close();
      await system.stop();
    }
  });
});
