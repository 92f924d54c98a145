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
      const rows = [...(table.tBodies[0]?.rows ?? [])];
      for (const row of rows) row.hidden = row.querySelector('button:not(.out)') === null;
      if (table.parentElement) table.parentElement.hidden = rows.every((row) => row.hidden);
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
  const body = row?.parentElement as HTMLTableSectionElement | null | undefined;
  if (!step || !place || !row || !body) return;
  event.preventDefault();
  let [column, line] = [place.cellIndex, row.sectionRowIndex];
  for (;;) {
    column += step[0];
    line += step[1];
    const next = body.rows[line];
    if (!next?.cells[column]) return;
    const button = next.hidden
      ? null
      : next.cells[column]?.querySelector<HTMLButtonElement>('button:not(.out)');
    if (!button) continue;
    button.focus();
    return;
  }
}
