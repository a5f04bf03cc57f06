// Filters and finds within the page. Hides and shows what is there; makes no markup and asks nothing of the network.
(function () {
  "use strict";
  const one = (selector) => document.querySelector(selector);
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const query = one("#q"), department = one("#dept"), found = one("#found");
  const buttons = all(".tools button[data-light]");
  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");
  const commitments = all("article.commitment").map((element) => ({
    element,
    text: fold(element.textContent),
    department: element.dataset.dept,
    targets: all(".target", element),
  }));
  const departments = all("section.department");
  const rows = all("tr[data-light]");

  function apply() {
    const words = fold(query.value).split(" ").filter(Boolean);
    const lights = buttons.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.light);
    const wanted = (name) => !department.value || name === department.value;
    const lit = (element) => !lights.length || lights.includes(element.dataset.light);
    let shown = 0, targets = 0;
    for (const each of commitments) {
      const kept = each.targets.filter(lit);
      const visible = wanted(each.department) && kept.length > 0 && words.every((word) => each.text.includes(word));
      each.element.hidden = !visible;
      each.targets.forEach((target) => { target.hidden = !kept.includes(target); });
      if (visible) { shown += 1; targets += kept.length; }
    }
    for (const section of departments) section.hidden = !all("article", section).some((a) => !a.hidden);
    for (const row of rows) {
      row.hidden = !wanted(row.dataset.dept) || !lit(row) || !words.every((word) => fold(row.textContent).includes(word));
    }
    one("#nothing").hidden = shown > 0;
    found.textContent = "显示 " + shown + " 项承诺、" + targets + " 个目标";
  }

  function clear() {
    query.value = "";
    department.value = "";
    buttons.forEach((button) => button.setAttribute("aria-pressed", "false"));
    apply();
  }

  // A link may lead to something the filter hides: what was asked for is shown, and takes the focus.
  function arrive() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    target.scrollIntoView();
    if (target.matches("[tabindex]")) target.focus({ preventScroll: true });
  }

  query.addEventListener("input", apply);
  department.addEventListener("change", apply);
  one("#clear").addEventListener("click", () => { clear(); query.focus(); });
  buttons.forEach((button) => button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    apply();
  }));
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      query.focus();
    } else if (event.key === "Escape" && event.target === query) {
      query.value = "";
      apply();
    }
  });
  window.addEventListener("hashchange", arrive);

  one(".tools").hidden = false;
  apply();
  if (location.hash) arrive();
})();
