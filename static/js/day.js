// The day grid opens at the present time and stays where it was, with the same cell in focus, when it is refreshed.
(() => {
  const wrap = () => document.getElementById("daygrid");
  const now = document.querySelector("#daygrid .now");
  const head = document.querySelector("#daygrid .daygrid__corner");
  // The present time is a third down, and no cell is half under the heads.
  if (now) {
    const wanted = Math.min(now.offsetTop - wrap().clientHeight / 3, wrap().scrollHeight - wrap().clientHeight);
    const hours = [...document.querySelectorAll("#daygrid .daygrid__time")].map((hour) => hour.offsetTop - head.offsetHeight);
    wrap().scrollTop = Math.max(0, ...hours.filter((top) => top <= wanted));
  }
  // An appointment opens beside the grid; one link a cell is enough for a click, a key and a new tab.
  document.addEventListener("click", (event) => {
    const cell = event.target.closest("#daygrid[data-beside] a.cell");
    if (!window.htmx || !cell || !/\/appointments\/[^/]+\/$/.test(cell.pathname)) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    htmx.ajax("GET", cell.href, { target: "#aside", swap: "innerHTML" });
  });
  // Arrows go from cell to cell, M receives the patient of the chosen visit; the grid itself leads to its first cell.
  const steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const place = (node) => { const box = node.getBoundingClientRect(); return { x: box.left + box.width / 2, y: box.top }; };
  const nearest = (from, [right, down]) => [...wrap().querySelectorAll("a.cell")]
    .map((cell) => ({ cell, x: place(cell).x - from.x, y: place(cell).y - from.y }))
    .filter(({ x, y }) => (right ? x * right > 4 : Math.abs(x) < 4 && y * down > 4))
    .sort((a, b) => (right ? Math.abs(a.x) - Math.abs(b.x) || Math.abs(a.y) - Math.abs(b.y) : Math.abs(a.y) - Math.abs(b.y)))[0]?.cell;
  document.addEventListener("keydown", (event) => {
    if (!wrap()?.contains(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const cell = event.target.closest("a.cell");
    if (window.htmx && event.code === "KeyM" && cell && !event.repeat && /\/appointments\/[^/]+\/$/.test(cell.pathname)) {
      event.preventDefault();
      const aside = document.getElementById("aside");
      aside.addEventListener("htmx:afterSettle", () => aside.querySelector("form[action$='/arrive/']")?.requestSubmit(), { once: true });
      htmx.ajax("GET", cell.href, { target: aside, swap: "innerHTML" });
    } else if (steps[event.key]) {
      event.preventDefault();
      const first = document.querySelector("#daygrid a.cell");
      (cell ? nearest(place(cell), steps[event.key]) : first)?.focus();
    }
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
