// The day grid opens at the present time and stays where it was when its contents are refreshed.
(() => {
  const wrap = () => document.getElementById("daygrid");
  const now = document.querySelector("#daygrid .now");
  if (now) wrap().scrollTop = now.offsetTop - wrap().clientHeight / 3;
  let left = 0, top = 0;
  document.addEventListener("htmx:beforeSwap", () => { if (wrap()) ({ scrollLeft: left, scrollTop: top } = wrap()); });
  document.addEventListener("htmx:afterSwap", () => wrap()?.scrollTo(left, top));
})();
