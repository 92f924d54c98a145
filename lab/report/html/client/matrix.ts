/** The matrix' buttons: a click opens a cell, arrow keys move between cells, and the Tab key stops once in each table. */
export class Matrix {
  readonly #tables = [...document.querySelectorAll<HTMLTableElement>('table.matrix')];
  readonly #buttons = new Map<number, HTMLButtonElement>();

  constructor(open: (index: number) => void) {
    for (const table of this.#tables) {
      for (const button of table.querySelectorAll('button')) {
        this.#buttons.set(Number(button.dataset.cell), button);
        button.tabIndex = -1;
      }
      table.addEventListener('click', ({ target }) => {
        const button = (target as Element).closest('button');
        if (button) open(Number(button.dataset.cell));
      });
      table.addEventListener('keydown', (event) => walk(event));
      table.addEventListener('focusin', ({ target }) => makeStop(table, target as HTMLButtonElement));
    }
    this.show(new Set(this.#buttons.keys()));
  }

  /** Shows only these cells; rows and tables without any are hidden. */
  show(wanted: ReadonlySet<number>): void {
    for (const [index, button] of this.#buttons) button.classList.toggle('out', !wanted.has(index));
    for (const table of this.#tables) {
      for (const group of table.tBodies) {
        const rows = [...group.rows].filter((row) => !row.classList.contains('group'));
        for (const row of rows) row.hidden = row.querySelector('button:not(.out)') === null;
        group.hidden = rows.every((row) => row.hidden);
      }
      if (table.parentElement) table.parentElement.hidden = [...table.tBodies].every((group) => group.hidden);
      makeStop(table, table.querySelector('button:not(.out)'));
    }
  }

  focus(index: number): void {
    this.#buttons.get(index)?.focus();
  }
}

function makeStop(table: HTMLTableElement, button: HTMLButtonElement | null): void {
  for (const other of table.querySelectorAll<HTMLButtonElement>('button[tabindex="0"]')) other.tabIndex = -1;
  if (button) button.tabIndex = 0;
}

const steps: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** Moves the focus to the next visible cell in the arrow's direction. */
function walk(event: KeyboardEvent): void {
  const step = steps[event.key];
  const place = (event.target as Element).closest('td');
  const row = place?.parentElement as HTMLTableRowElement | null | undefined;
  const table = row?.closest('table');
  if (!step || !place || !row || !table) return;
  event.preventDefault();
  const lastColumn = row.cells.length - 1;
  let [column, line] = [place.cellIndex, row.rowIndex];
  for (;;) {
    column += step[0];
    line += step[1];
    const next = table.rows[line];
    if (!next || line < (table.tHead?.rows.length ?? 0) || column < 0 || column > lastColumn) return;
    const button =
      next.hidden || (next.parentElement as HTMLElement).hidden
        ? null
        : next.cells[column]?.querySelector<HTMLButtonElement>('button:not(.out)');
    if (!button) continue;
    button.focus();
    return;
  }
}
