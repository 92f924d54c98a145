/** Marks what can be scrolled sideways with the sides on which there is more (`data-more`), which the page's style fades. */
export function markMore(): void {
  const watcher = new ResizeObserver((entries) => {
    for (const { target } of entries) mark(target);
  });
  const begin = (root: ParentNode) => {
    for (const box of root.querySelectorAll('.wide, .scroll, figure, pre.rules')) {
      box.addEventListener('scroll', () => mark(box), { passive: true });
      watcher.observe(box);
    }
  };
  begin(document);
  // What an opened cell and a comparison show comes later.
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes) if (node instanceof Element) begin(node.parentElement ?? node);
  }).observe(document.body, { childList: true, subtree: true });
}

function mark(box: Element): void {
  const most = box.scrollWidth - box.clientWidth;
  const sides = [...(box.scrollLeft > 1 ? ['left'] : []), ...(box.scrollLeft < most - 1 ? ['right'] : [])];
  if (sides.length > 0) box.setAttribute('data-more', sides.join(' '));
  else box.removeAttribute('data-more');
}
