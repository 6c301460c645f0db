// Enhancements of every page; each page works without them.
(() => {
  const root = document.documentElement;
  root.classList.add("js");

  // Countdown: <span data-countdown-until="ISO time" data-countdown-over="words">6:12</span>, by the server's clock.
  const skew = Number(root.dataset.now) * 1000 - Date.now();
  const tick = () => document.querySelectorAll("[data-countdown-until]").forEach((node) => {
    const left = Math.floor((Date.parse(node.dataset.countdownUntil) - Date.now() - skew) / 1000);
    node.textContent = left > 0 ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`
      : node.dataset.countdownOver || "0:00";
  });
  tick();
  setInterval(tick, 1000);

  // A form is sent once. The pressed button is disabled only after its value has been read.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    const buttons = form.querySelectorAll("button:not([type=button], :disabled)");
    const sent = (yes) => (button) => { button.disabled = yes; button.toggleAttribute("data-sent", yes); };
    setTimeout(() => buttons.forEach(sent(true)));
    setTimeout(() => buttons.forEach(sent(false)), 10000);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("[data-sent]").forEach((button) => { button.disabled = false; });
  });

  // The summary of errors is read out first.
  document.querySelector("[data-errors]")?.focus();

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  document.querySelectorAll("[data-contrast-switch]").forEach((button) => {
    const show = () => button.setAttribute("aria-pressed", root.dataset.contrast === "high");
    button.hidden = false;
    show();
    button.addEventListener("click", () => {
      root.dataset.contrast = root.dataset.contrast === "high" ? "normal" : "high";
      document.cookie = `contrast=${root.dataset.contrast};path=/;max-age=31536000;samesite=lax`;
      show();
    });
  });

  document.querySelectorAll("[data-fill-login]").forEach((button) => button.addEventListener("click", () => {
    document.getElementById("id_login").value = button.dataset.fillLogin;
    document.getElementById("id_password").value = button.dataset.fillPassword;
    document.querySelector("form[method=post] button:not([type=button], :disabled)").focus();
  }));
})();
