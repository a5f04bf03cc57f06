// Filter and search within the page: hide and show what is there, without markup of its own and without the network.
(function () {
  "use strict";
  const select = (selector) => document.querySelector(selector);
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const query = select("#q"), department = select("#dept"), status = select("#found"), filtered = select("#filtered");
  const buttons = all(".tools button[data-light]");
  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");
  const departments = all("div.department");
  const rows = all("main [data-dept]:not(article):not(.department)").map((element) => ({ element }));
  const commitments = all("article.commitment").map((element) => ({
    element,
    department: element.dataset.dept,
    targets: all(".target", element).map((target) => ({ element: target, light: target.dataset.light })),
  }));
  const sections = all("main h2, main h3").map((heading) => ({ count: heading.querySelector(".count"), table: heading.parentElement.id === "meeting" ? heading.nextElementSibling : heading.parentElement })).filter((each) => each.count);

  // The text of a commitment, read when first searched: everything but charts. Of its names also the pinyin initials, all readings: y(hx).
  const text_of = (each) => each.text ??= fold([each.element.dataset.dept, ...all("h4, h5, blockquote, dd, .small a, li, td", each.element).map((part) => part.textContent)].join("\n"));
  const letters_of = (each) => each.letters ??= (each.element.dataset.py || "").split(" ").map((name) => Array.from(name.matchAll(/\(([a-z]+)\)|(.)/g), (match) => match[1] || match[2]));
  const by_letters = (each, word) => /^[a-z0-9]+$/.test(word) && word.length > 1 && letters_of(each).some((name) => name.some((_, start) => start + word.length <= name.length && Array.from(word).every((letter, at) => name[start + at].includes(letter))));
  const has = (each, word) => text_of(each).includes(word) || by_letters(each, word);
  const row_text = (each) => each.text ??= fold(each.element.textContent);

  let hits = [], at = -1;

  function light_up(words) {
    if (!window.CSS || !CSS.highlights) return;
    CSS.highlights.delete("hit");
    if (!words.length || hits.length > 200) return;
    const ranges = [];
    for (const hit of hits) {
      const walker = document.createTreeWalker(hit, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const text = node.data.toLowerCase();
        for (const word of words) {
          for (let start = text.indexOf(word); start >= 0; start = text.indexOf(word, start + word.length)) {
            const range = new Range();
            range.setStart(node, start);
            range.setEnd(node, start + word.length);
            ranges.push(range);
          }
        }
      }
    }
    CSS.highlights.set("hit", new Highlight(...ranges));
  }

  function apply() {
    const words = fold(query.value).split(" ").filter(Boolean);
    const lights = buttons.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.light);
    const of_department = (name) => !department.value || name === department.value;
    const lit = (light) => !lights.length || lights.includes(light);
    let shown = 0, targets = 0;
    hits = [];
    at = -1;
    for (const each of commitments) {
      const kept = each.targets.filter((target) => lit(target.light));
      const visible = of_department(each.department) && kept.length > 0 && words.every((word) => has(each, word));
      each.element.hidden = !visible;
      for (const target of each.targets) target.element.hidden = !kept.includes(target);
      if (visible) {
        shown += 1;
        targets += kept.length;
        if (words.length) hits.push(each.element);
      }
    }
    for (const section of departments) section.hidden = !all("article", section).some((a) => !a.hidden);
    for (const each of rows) {
      const data = each.element.dataset;
      each.element.hidden = !of_department(data.dept) || (data.light ? !lit(data.light) : false) || (data.light ? !words.every((word) => row_text(each).includes(word)) : false);
    }
    const any = Boolean(words.length || lights.length || department.value);
    document.body.classList.toggle("filtered", any);
    for (const element of all("main .whole")) element.hidden = any;
    for (const each of sections) each.count.textContent = all("tr[data-dept]", each.table).filter((row) => !row.hidden).length;
    for (const button of buttons) {
      const light = button.dataset.light;
      button.querySelector("b").textContent = commitments.reduce((sum, each) => sum + (of_department(each.department) && (!words.length || words.every((word) => has(each, word))) ? each.targets.filter((target) => target.light === light).length : 0), 0);
    }
    filtered.hidden = !any;
    filtered.textContent = "已筛选：" + [department.value, lights.join("、"), words.length ? "“" + query.value.trim() + "”" : ""].filter(Boolean).join("；") + "　显示 " + shown + " 项承诺事项、" + targets + " 项目标";
    select("#nothing").hidden = shown > 0;
    status.textContent = "显示 " + shown + " 项承诺事项、" + targets + " 项目标" + (words.length && shown ? "；按回车逐项查看" : "");
    light_up(words);
  }

  function clear() {
    query.value = "";
    department.value = "";
    buttons.forEach((button) => button.setAttribute("aria-pressed", "false"));
    apply();
  }

  // A link may lead to something hidden: show it and give it the focus.
  function arrive() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    target.scrollIntoView();
    if (target.matches("[tabindex]")) target.focus({ preventScroll: true });
  }

  // Enter goes from hit to hit, to the target whose own text has the words where there is one.
  function next_hit(step) {
    if (!hits.length) return;
    at = (at + step + hits.length) % hits.length;
    const words = fold(query.value).split(" ").filter(Boolean);
    const exact = all(".target:not([hidden])", hits[at]).find((target) => words.every((word) => fold(target.textContent).includes(word)));
    const place = exact || hits[at];
    all(".hit").forEach((element) => element.classList.remove("hit"));
    place.classList.add("hit");
    place.scrollIntoView({ block: "start" });
    status.textContent = "第 " + (at + 1) + "/" + hits.length + " 处";
  }

  let waiting = 0;
  query.addEventListener("input", () => {
    clearTimeout(waiting);
    if (commitments.length > 200) waiting = setTimeout(apply_now, 150);
    else apply();
  });
  function apply_now() {
    clearTimeout(waiting);
    waiting = 0;
    apply();
  }
  department.addEventListener("change", apply);
  select("#clear").addEventListener("click", () => { clear(); query.focus(); });
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
    } else if (event.key === "Enter" && event.target === query) {
      event.preventDefault();
      if (waiting) apply_now();
      next_hit(event.shiftKey ? -1 : 1);
    }
  });
  window.addEventListener("hashchange", arrive);

  // Folded records are printed too.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = all("details:not([open])");
    opened.forEach((element) => { element.open = true; });
  });
  window.addEventListener("afterprint", () => opened.forEach((element) => { element.open = false; }));

  select(".tools").hidden = false;
  if (location.hash) arrive();
})();
