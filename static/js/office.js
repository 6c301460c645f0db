// Keys of the office: / to the search box, F9 the emergency, Ctrl+Z the last step undone, ? the list of keys, and any element with data-key="…".
// Digits of a list with data-list="F3" choose from it only after F3, a click or Tab has brought the focus into it; in a
// list within a list its own digits come first.
(() => {
  const keys = document.getElementById("keys");
  // What was looked for is typed over by the next search.
  document.querySelector("input[type=search][autofocus]")?.select();

  // The note of a call goes along with whatever form of the page ends it.
  document.addEventListener("formdata", ({ target, formData }) => {
    if (target.method !== "post" || target.closest("header")) return;
    for (const field of document.querySelectorAll("[data-along]")) if (field.form !== target) formData.append(field.name, field.value);
  });

  // The page stays as it is with scripts, so an emergency needs no tab of its own.
  document.getElementById("emergency")?.removeAttribute("target");

  const showKeys = () => keys && !keys.open && keys.showModal();

  document.addEventListener("keydown", (event) => {
    if (event.key === "F9") {
      event.preventDefault();
      if (!event.repeat) document.getElementById("emergency")?.requestSubmit();
      return;
    }
    const undo = document.querySelector("#undo form");
    if (undo && event.ctrlKey && !event.shiftKey && !event.altKey && event.code === "KeyZ" && !event.target.closest?.("input[type=text], input[type=search], input[type=tel], textarea")) {
      event.preventDefault();
      if (!event.repeat) undo.requestSubmit();
      return;
    }
    const typing = event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey || keys?.open) return;
    if (typing && event.key.length === 1) return;
    // Russian layout: the key that types "/" gives "." there, so the place of the key counts too.
    if (event.key === "/" || (event.code === "Slash" && !event.shiftKey)) {
      event.preventDefault();
      document.getElementById("search")?.select();
    } else if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) {
      event.preventDefault();
      showKeys();
    } else {
      const within = (node) => node?.closest("[data-list]") ?? null;
      const opened = [];
      for (let list = within(document.activeElement); list; list = within(list.parentElement)) opened.push(list);
      const keyed = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"], [data-list="${CSS.escape(event.key)}"]`)];
      const target = /^\d$/.test(event.key)
        ? [...opened, null].map((list) => keyed.find((node) => within(node) === list)).find(Boolean)
        : keyed[0];
      if (!target || event.repeat) return;
      event.preventDefault();
      if (target.matches("input, select, textarea") || target.dataset.list === event.key) {
        target.focus();
        if (target.type === "search") target.select();
      } else {
        if (target.matches("summary")) target.focus();
        target.click();
      }
    }
  });

  // Nothing may stop an emergency: where the page could not ask by itself, the form is sent as if there were no scripts.
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, ({ detail }) => detail.elt.id === "emergency" && detail.elt.submit());
  }

  // A page that has to be loaded anew, because its session has ended or somebody has signed in, first sends what is
  // being typed: to be kept, not to be done.
  let typed = null;
  document.addEventListener("input", ({ target }) => {
    if (target.form?.method === "post" && !target.closest("header")) typed = target.form;
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { elt, xhr } = event.detail, form = elt.id === "emergency" ? elt : typed?.isConnected && typed;
    if (!form || !xhr.getResponseHeader("HX-Refresh")) return;
    event.preventDefault();
    if (form !== elt) form.action += `${form.action.includes("?") ? "&" : "?"}draft=keep`;
    form.submit();
  });

  // What the page asks by itself while nobody touches it does not keep the session open.
  let touched = Date.now();
  for (const touch of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    document.addEventListener(touch, () => { touched = Date.now(); }, { capture: true, passive: true });
  }
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (Date.now() - touched > 60_000) detail.headers["X-Idle"] = "1";
  });

  // The seconds in which the last step can be undone; the server has the last word on them.
  setInterval(() => {
    const undo = document.querySelector("#undo [data-undo]");
    if (!undo) return;
    undo.dataset.undo -= 1;
    if (undo.dataset.undo > 0) undo.querySelector("[data-seconds]").textContent = undo.dataset.undo; else undo.remove();
  }, 1000);

  document.querySelectorAll("[data-keys]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", showKeys);
  });

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.usermenu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
})();
