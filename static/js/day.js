// The day grid opens at the present time and stays where it was, with the same cell in focus, when it is refreshed.
(() => {
  const wrap = () => document.getElementById("daygrid");
  const now = document.querySelector("#daygrid .now");
  if (now) wrap().scrollTop = now.offsetTop - wrap().clientHeight / 3;
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
