type Child = Node | string | null | undefined | false;

/** Creates an element with attributes and children. Strings become text nodes, so nothing in them is parsed as HTML. */
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

/** The element with that id. Throws if the page has none. */
export function byId<Kind extends HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no ${id}`);
  return found as Kind;
}

/** A labelled drop-down list. */
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
