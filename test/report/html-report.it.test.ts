/** The HTML report as readers use it: in a browser, with mouse or keyboard, on a phone, in dark mode, printed. */
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { causesPage, ownProgram } from '../../lab/own-files.ts';
import { compileRules } from '../../lab/policy/compile.ts';
import { htmlReport } from '../../lab/report/html/html-report.ts';
import { cures } from '../../lab/verdict/cures.ts';
import { scenarios } from '../../scenarios/index.ts';
import { openBrowser } from './browser.ts';
import { droppedEvidence } from './evidence-fixture.ts';
import { exposed } from './exposure-fixture.ts';
import { cell, runOf, wholeRun } from './fixtures.ts';

const exposures = [
  exposed('as-reported', [[21, 21]], []),
  exposed('ftp-filter', [[20, 21]], [[1024, 65535]]),
];
const linked = 'as-reported/y-server/vsftpd/pasv';
const surprise = cell('ftp-filter', 'y-server', 'proftpd', 'epsv', 'dropped', 'up');
const leftOut = ['nat-ftp-filter', 'nat-as-reported', 'source-port-20-inbound', 'high-ports-outbound'];
const causes = [
  cell('port-without-filter', 'y-workstation', 'vsftpd-port-2121', 'pasv', 'dropped'),
  cell('port-without-filter', 'y-workstation', 'vsftpd', 'pasv', 'up'),
  cell('login-denied', 'y-workstation', 'vsftpd-login-denied', 'pasv', 'control'),
];
const matrixCells = wholeRun()
  .filter(({ ruleSet }) => !leftOut.includes(ruleSet))
  .map((one) => (one.id === surprise.id ? surprise : one))
  .map((one) =>
    one.id === linked ? { ...one, evidence: droppedEvidence(), pcap: '../my captures/50%.pcapng' } : one,
  );
const cells = [...matrixCells, ...causes];
const setting = {
  plan: addressPlan(0),
  ruleSets: scenarios.map(({ ruleSet, question }) => ({
    name: ruleSet.name,
    question,
    staged: causes.some((one) => one.ruleSet === ruleSet.name),
    firewalls: compileRules(ruleSet, addressPlan(0)),
  })),
};

let folder: string;
let url: string;
let browser: Browser | undefined;
let why = '';
beforeAll(async () => {
  const opened = await openBrowser();
  if (typeof opened === 'string') why = opened;
  else browser = opened;
  folder = await mkdtemp(join(tmpdir(), 'ftplab-report-'));
  const file = join(folder, 'report.html');
  await writeFile(
    file,
    htmlReport({ ...runOf(cells), setting, exposures }, ownProgram('report-script.js'), causesPage()),
  );
  url = pathToFileURL(file).href;
  mkdirSync('results/screenshots', { recursive: true });
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(({ skip }) => skip(browser === undefined, why));

/** Opens the report, hands the page to `use`, and asserts that no script failed and no request left the page. */
async function withPage(
  { at = '', ...options }: BrowserContextOptions & { at?: string },
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser?.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  if (!context) throw new Error('There is no browser');
  const troubles: string[] = [];
  try {
    const page = await context.newPage();
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    page.on('request', (request) => request.url().startsWith(url) || troubles.push(request.url()));
    await page.goto(url + at);
    await use(page);
  } finally {
    await context.close();
  }
  expect(troubles).toEqual([]);
}

const dialog = (page: Page) => page.getByRole('dialog');
const choice = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true });
const shownCells = (page: Page) => page.locator('.matrix button:visible');

describe('the report', () => {
  it('shows all cells, then the filtered ones, then all again', () =>
    withPage({}, async (page) => {
      expect(await shownCells(page).count()).toBe(cells.length);
      await choice(page, 'mode').selectOption('pasv');
      await choice(page, 'cause').selectOption('data-dropped');
      const fitting = cells.filter(
        ({ mode, verdict }) => mode === 'pasv' && verdict.cause === 'data-dropped',
      );
      expect(await page.getByText(`${fitting.length} of ${cells.length} cells`).isVisible()).toBe(true);
      expect(await shownCells(page).count()).toBe(fitting.length);
      await page.getByRole('button', { name: 'Show all' }).click();
      expect(await shownCells(page).count()).toBe(cells.length);
      await choice(page, 'verdict').selectOption('not as expected');
      expect(await shownCells(page).allTextContents()).toEqual(['!login']);
    }));

  it('leads from a verdict to what cures it, in the page itself', () =>
    withPage({}, async (page) => {
      await page.locator(`[data-cell="${cells.findIndex(({ id }) => id === linked)}"]`).click();
      expect(await dialog(page).textContent()).toContain(cures['data-dropped'].sentence);
      await dialog(page).getByRole('link', { name: 'More on this cause' }).click();
      expect(await dialog(page).count()).toBe(0);
      expect(await page.locator('#cause-data-dropped').getByText('In iptables').isVisible()).toBe(true);
    }));

  it('opens a cell by a click: its verdict, its ladder, its firewall with the deciding rule marked', () =>
    withPage({}, async (page) => {
      const index = cells.findIndex(({ id }) => id === linked);
      await page.locator(`[data-cell="${index}"]`).click();
      const shown = dialog(page);
      expect(await shown.getByRole('heading', { name: linked }).isVisible()).toBe(true);
      expect(await shown.textContent()).toContain("isa-y's Default rule dropped the data connection.");
      expect(await shown.locator('.decided').allTextContents()).toEqual([
        'The deciding rule: -A FORWARD -m comment --comment "Default rule" -j DROP',
      ]);
      const ladder = shown.getByRole('img', { name: /^What was sent in as-reported.*dropped/ });
      const texts = await ladder.locator('text').allTextContents();
      for (const text of ['isa-y', 'ALLOW: FTP port 21', 'PASV', 'SYN :42344 > :50089', 'DROP: Default rule'])
        expect(texts).toContain(text);
      expect(await ladder.locator('.cross').count()).toBe(1);
      const capture = await shown.getByRole('link', { name: '50%.pcapng' }).getAttribute('href');
      expect(fileURLToPath(new URL(capture ?? '', url))).toBe(resolve(folder, '../my captures/50%.pcapng'));
      expect(await shown.getByRole('heading', { name: /^Rules of isa-y that matched SYN/ }).isVisible()).toBe(
        true,
      );
      await shown.getByText('The same in words').click();
      expect(await shown.locator('pre.text:visible').textContent()).toMatch(/-X SYN :42344 > :50089/);
      await shown.getByRole('button', { name: 'Next' }).click();
      expect(await shown.getByRole('heading', { name: linked.replace('pasv', 'epsv') }).isVisible()).toBe(
        true,
      );
    }));

  it('lists the staged causes below, with the same filters, mouse and keyboard use', () =>
    withPage({}, async (page) => {
      const table = page.getByRole('table', { name: /^Causes/ });
      expect(await table.getByRole('row').nth(1).getByRole('cell').allTextContents()).toEqual([
        'y-workstation > vsftpd-port-2121, pasv',
        'login',
        'data-dropped',
        'isa-y: Default rule',
      ]);
      await choice(page, 'cause').selectOption('none');
      expect(await table.getByRole('button').allTextContents()).toEqual(['up']);
      await page.getByRole('button', { name: 'Show all' }).click();
      await table.getByRole('button').first().focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      expect(await dialog(page).getByRole('heading', { level: 2 }).textContent()).toBe(causes[1]?.id);
    }));

  it('is usable by the keyboard alone', () =>
    withPage({}, async (page) => {
      const focused = () => page.evaluate<string>("document.activeElement?.getAttribute('aria-label') ?? ''");
      await page.locator('.matrix button').first().focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowDown');
      expect(await focused()).toBe('-: cannot connect, to vsftpd epsv');
      await page.keyboard.press('Enter');
      expect(await dialog(page).getByRole('heading', { level: 2 }).textContent()).toBe(
        'all-closed/x-workstation/vsftpd/epsv',
      );
      await page.keyboard.press('Escape');
      expect(await dialog(page).count()).toBe(0);
      expect(await focused()).toBe('-: cannot connect, to vsftpd epsv');
      // Arrows go on into the rows of the next client; Tab leaves the table.
      const client = () =>
        page.evaluate<string | undefined>("document.activeElement?.closest('tbody')?.dataset.client");
      for (let row = 0; (await client()) === 'x-workstation' && row < 40; row++)
        await page.keyboard.press('ArrowDown');
      expect(await client()).toBe('y-server');
      await page.keyboard.press('Tab');
      expect(await page.evaluate("document.activeElement?.closest('table')?.className")).toContain('causes');
    }));

  it('opens the cell that the address names', () =>
    withPage({ at: `#${encodeURIComponent(linked)}` }, async (page) => {
      expect(await dialog(page).getByRole('heading', { name: linked }).isVisible()).toBe(true);
    }));

  it('compares two rule sets: uploads, rules, and what else gets through', () =>
    withPage({}, async (page) => {
      const text = page.getByText(/^Of \d+ uploads tried under both/);
      expect(await text.textContent()).toBe(
        'Of 36 uploads tried under both, 35 work only under ftp-filter, 0 only under as-reported; 0 fail differently, 1 come to the same.',
      );
      expect(await page.locator('#compare').textContent()).toContain(
        'as-reported: 1 port; ftp-filter: 64,514 ports.',
      );
      await choice(page, 'compared with').selectOption('ftp-filter-read-only');
      expect(await text.textContent()).toContain('0 work only under ftp-filter-read-only');
      await page.getByText('What isa-y had loaded').click();
      const only = await page.locator('#compare .only').allTextContents();
      expect(only).toContainEqual(expect.stringContaining('-j CT --helper ftp'));
      expect(only).not.toContainEqual(expect.stringContaining('Default rule'));
    }));

  it('says that cells open, and on a phone that there is more to the side', () =>
    withPage({ viewport: { width: 400, height: 800 } }, async (page) => {
      expect(await page.getByText('Each cell opens').isVisible()).toBe(true);
      const table = page.locator('.wide').first();
      expect(await table.getAttribute('data-more')).toBe('right');
      await table.evaluate((box) => box.scrollTo({ left: box.scrollWidth }));
      await expect.poll(() => table.getAttribute('data-more')).toBe('left');
    }));

  it('shows its matrix without its script', () =>
    withPage({ javaScriptEnabled: false }, async (page) => {
      expect(await page.locator('.matrix button').count()).toBe(cells.length);
      expect(await page.getByRole('heading', { name: 'Two rule sets compared' }).isVisible()).toBe(false);
    }));

  it('fits A4, without buttons and filters', () =>
    withPage({ viewport: { width: 688, height: 1000 } }, async (page) => {
      await page.emulateMedia({ media: 'print' });
      const room = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect(room).toBeLessThanOrEqual(688);
      for (const table of await page.locator('table.matrix').all())
        expect((await table.boundingBox())?.width).toBeLessThanOrEqual(688);
      expect(await page.locator('select:visible').count()).toBe(0);
      await page.pdf({ path: 'results/screenshots/report.pdf', preferCSSPageSize: true });
    }));

  it('prints an open cell from its first line, without the page behind it', () =>
    withPage(
      { at: `#${encodeURIComponent(linked)}`, viewport: { width: 688, height: 500 } },
      async (page) => {
        await page.emulateMedia({ media: 'print' });
        const shown = dialog(page);
        const box = await shown.boundingBox();
        expect(box).toMatchObject({ x: 0, y: 0, width: 688 });
        const [title, sentence] = [shown.getByRole('heading', { level: 2 }), shown.locator('.sentence')];
        const [above, below] = [await title.boundingBox(), await sentence.boundingBox()];
        expect(above?.y).toBeGreaterThanOrEqual(0);
        expect(below?.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0));
        expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(false);
        await page.pdf({ path: 'results/screenshots/cell.pdf', preferCSSPageSize: true });
      },
    ));
});

describe.each([1280, 400])('at %i pixels', (width) => {
  it.each(['light', 'dark'] as const)('is readable and accessible, %s', (colorScheme) =>
    withPage({ viewport: { width, height: 900 }, colorScheme }, async (page) => {
      const shoot = (what: string, fullPage: boolean) =>
        page.screenshot({ path: `results/screenshots/${what}-${width}-${colorScheme}.png`, fullPage });
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width);
      await shoot('report', true);
      expect(await faults(page)).toEqual([]);
      await page.locator('#compare').scrollIntoViewIfNeeded();
      await shoot('compare', false);
      await page.locator(`[data-cell="${cells.findIndex(({ id }) => id === linked)}"]`).click();
      await shoot('ladder', false);
      expect(await faults(page)).toEqual([]);
    }),
  );
});

/** What axe-core finds wrong: WCAG 2.2 A and AA, contrast included. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>("axe.run({ resultTypes: ['violations'] })");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
