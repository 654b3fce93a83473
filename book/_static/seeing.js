// Boxes that scroll sideways must be reachable by keyboard, and only while they do scroll: a tab stop on every formula
// and code cell would make a page tedious to walk through. The theme does this for code it can see at the start; this
// covers formulas, tables and what folds hide.
"use strict";

(() => {
  const BOXES = "article pre, article .pst-scrollable-table-container, article div.math mjx-container";

  const update = (box) => {
    if (box.clientWidth === 0) return; // inside a closed fold: wait until it opens
    const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  };

  const observe = () => {
    const observer = new ResizeObserver((entries) => entries.forEach((entry) => update(entry.target)));
    document.querySelectorAll(BOXES).forEach((box) => observer.observe(box));
  };

  // Formulas exist once MathJax has set them; pages without math load no MathJax.
  window.addEventListener("load", () => {
    const typeset = window.MathJax?.startup?.promise ?? Promise.resolve();
    typeset.then(observe);
  });
})();
