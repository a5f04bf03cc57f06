// Filter and search within the page: hide and show what is there, without markup of its own and without the network.
(function () {
  "use strict";
  const select = (selector) => document.querySelector(selector);
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const query = select("#q"), department = select("#dept"), status = select("#found"), filtered = select("#filtered");
  const buttons = all(".tools button[data-light]");
  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");
  const departments = all("div.department");
  const rows = all("main [data-dept]:not(article):not(.department)").map((element) => ({ element, department: element.dataset.dept, light: element.dataset.light }));
  const commitments = all("article.commitment").map((element) => ({
    element,
    section: element.parentElement,
    department: element.dataset.dept,
    targets: all(".target", element).map((target) => ({ element: target, light: target.dataset.light })),
  }));
  const sections = all("main h2, main h3").map((heading) => ({ count: heading.querySelector(".count"), table: heading.parentElement.id === "meeting" ? heading.nextElementSibling : heading.parentElement })).filter((each) => each.count);
  for (const each of sections) each.rows = rows.filter((row) => row.element.tagName === "TR" && each.table.contains(row.element));
  const whole = all("main .whole");

  // A page of thousands of targets answers a key at once only where nothing is written that stays as it is.
  const hide = (element, hidden) => { if (element.hidden !== hidden) element.hidden = hidden; };
  const say = (element, text) => { if (element.textContent !== text) element.textContent = text; };

  // The text of a commitment, read while the browser has nothing to do, or when first searched: everything but charts. Of its names also the pinyin initials, all readings: y(hx).
  const text_of = (each) => each.text ??= fold([each.element.dataset.dept, ...all("h4, h5, blockquote, dd, .small a, li, td", each.element).map((part) => part.textContent)].join("\n"));
  const letters_of = (each) => each.letters ??= (each.element.dataset.py || "").split(" ").map((name) => Array.from(name.matchAll(/\(([a-z]+)\)|(.)/g), (match) => match[1] || match[2]));
  const by_letters = (each, word) => /^[a-z0-9]+$/.test(word) && word.length > 1 && letters_of(each).some((name) => name.some((_, start) => start + word.length <= name.length && Array.from(word).every((letter, at) => name[start + at].includes(letter))));
  const has = (each, word) => text_of(each).includes(word) || by_letters(each, word);
  const row_text = (each) => each.text ??= fold(each.element.textContent);

  const later = window.requestIdleCallback || ((work) => setTimeout(() => work({ timeRemaining: () => 8 }), 50));
  let read = 0;
  function read_on(idle) {
    const all_read = commitments.length + rows.length;
    do {
      if (read < commitments.length) letters_of(commitments[read]), text_of(commitments[read]);
      else if (read < all_read && rows[read - commitments.length].light) row_text(rows[read - commitments.length]);
      read += 1;
    } while (read < all_read && idle.timeRemaining() > 4);
    if (read < all_read) later(read_on);
  }

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
    const counts = new Map(buttons.map((button) => [button.dataset.light, 0])), occupied = new Set();
    for (const each of commitments) {
      const found = of_department(each.department) && words.every((word) => has(each, word));
      let kept = 0;
      for (const target of each.targets) {
        if (lit(target.light)) kept += 1;
        if (found) counts.set(target.light, counts.get(target.light) + 1);
      }
      const visible = found && kept > 0;
      hide(each.element, !visible);
      if (!visible) continue;
      for (const target of each.targets) hide(target.element, !lit(target.light));
      occupied.add(each.section);
      shown += 1;
      targets += kept;
      if (words.length) hits.push(each.element);
    }
    for (const section of departments) hide(section, !occupied.has(section));
    for (const each of rows) {
      each.shown = of_department(each.department) && (!each.light || (lit(each.light) && words.every((word) => row_text(each).includes(word))));
      hide(each.element, !each.shown);
    }
    const any = Boolean(words.length || lights.length || department.value);
    document.body.classList.toggle("filtered", any);
    for (const element of whole) hide(element, any);
    for (const each of sections) say(each.count, String(each.rows.filter((row) => row.shown).length));
    for (const button of buttons) say(button.querySelector("b"), String(counts.get(button.dataset.light)));
    hide(filtered, !any);
    say(filtered, "已筛选：" + [department.value, lights.join("、"), words.length ? "“" + query.value.trim() + "”" : ""].filter(Boolean).join("；") + "　显示 " + shown + " 项承诺事项、" + targets + " 项目标");
    hide(select("#nothing"), shown > 0);
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
  later(read_on);
  if (location.hash) arrive();
})();
