import { causeHeadings, causeRows } from '../cause-rows.ts';
import { escapeMarkup } from '../markup.ts';
import { cellButton, type Indexed } from './cell-button.ts';

/** What scenarios that stage causes came to, a cell a row; '' where there are none. Each names its scenario: filters hide rows. */
export function causeTable(causes: readonly Indexed[]): string {
  if (causes.length === 0) return '';
  const indexes = new Map(causes.map(({ cell, index }) => [cell, index]));
  const rows = causeRows([...indexes.keys()]).map(({ cell, texts: [scenario, path, reach, cause, by] }) => {
    const button = cellButton({ cell, index: indexes.get(cell) ?? 0 }, reach, path);
    const [scenarioText = '', ...others] = [scenario, path, cause, by].map(escapeMarkup);
    const [pathText, causeText, byText] = others;
    return `<tr><th scope="row">${scenarioText}</th><td>${pathText}</td><td>${button}</td><td>${causeText}</td><td>${byText}</td></tr>`;
  });
  return `<div class="wide"><table class="matrix causes">
<caption>Causes, each staged by a scenario of its own</caption>
<thead><tr>${causeHeadings.map((heading) => `<th scope="col">${heading}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table></div>`;
}
