import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunResult } from '../../lab/model/run-result.ts';
import { ownProgram } from '../../lab/own-files.ts';
import { htmlReport } from '../../lab/report/html/html-report.ts';
import { openBrowser } from '../report/browser.ts';

const rounds = 5;

/**
 * How long a browser takes from a report's address to its last script having run, in milliseconds a round; the run's cells
 * are there as often as makes `count`. Why not, where there is no browser.
 */
export async function openReport(run: RunResult, count: number): Promise<number[] | string> {
  const browser = await openBrowser();
  if (typeof browser === 'string') return browser;
  const file = join(tmpdir(), `ftplab-bench-report-${process.pid}.html`);
  try {
    await writeFile(file, htmlReport(repeated(run, count), ownProgram('report-script.js')));
    const times: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const page = await browser.newPage();
      const start = performance.now();
      await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
      if (round > 0) times.push(performance.now() - start);
      await page.close();
    }
    return times;
  } finally {
    await browser.close();
    await rm(file, { force: true });
  }
}

/** The same cells under more rule sets, until there are `count`. */
function repeated(run: RunResult, count: number): RunResult {
  const cells = Array.from({ length: count }, (_, index) => {
    const cell = run.cells[index % run.cells.length];
    if (!cell) throw new Error('The run has no cells');
    const ruleSet = `${cell.ruleSet}-${Math.floor(index / run.cells.length)}`;
    return { ...cell, ruleSet, id: [ruleSet, ...cell.id.split('/').slice(1)].join('/') };
  });
  return { ...run, cells };
}
