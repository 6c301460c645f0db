// The day grid opens at the present time and stays where it was, with the same cell in focus, when it is refreshed.
(() => {
  const wrap = () => document.getElementById("daygrid");
  const now = document.querySelector("#daygrid .now");
  if (now) wrap().scrollTop = now.offsetTop - wrap().clientHeight / 3;
  // An appointment opens beside the grid; one link a cell is enough for a click, a key and a new tab.
  document.addEventListener("click", (event) => {
    const cell = event.target.closest("#daygrid[data-beside] a.cell");
    if (!window.htmx || !cell || !/\/appointments\/[^/]+\/$/.test(cell.pathname)) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    htmx.ajax("GET", cell.href, { target: "#aside", swap: "innerHTML" });
  });
  let left = 0, top = 0, focused = null;
  document.addEventListener("htmx:beforeSwap", () => {
    if (!wrap()) return;
    ({ scrollLeft: left, scrollTop: top } = wrap());
    focused = wrap().contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  });
  document.addEventListener("htmx:afterSwap", () => {
    wrap()?.scrollTo(left, top);
    if (focused && !wrap()?.contains(document.activeElement)) {
      wrap()?.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
  });
})();
