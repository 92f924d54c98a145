type Child = Node | string | null | undefined | false;

/** An element with attributes and children. Text is text, whatever is in it. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.flat().filter((child): child is Node | string => Boolean(child)));
  return made;
}

/** The element of that id, which the page has. */
export function byId<Kind extends HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no ${id}`);
  return found as Kind;
}

/** A labelled choice among options. */
export function choice(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  changed: (value: string) => void,
): { readonly field: HTMLLabelElement; readonly select: HTMLSelectElement } {
  const select = element(
    'select',
    {},
    options.map(([value, text]) => element('option', { value }, text)),
  );
  select.addEventListener('change', () => changed(select.value));
  return { field: element('label', {}, label, select), select };
}
