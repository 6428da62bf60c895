"use strict";
// Everything that the report says is in the document: this only narrows, orders and unfolds it. It writes text through
// the document's own interfaces, never as markup, because what it handles comes from accounts.
(() => {
  const root = document.documentElement;
  const PAGE = 100;
  const THEME = "sonae-theme";
  root.classList.add("js");
  // Should anything fail here, the page without script is complete.
  window.addEventListener("error", () => root.classList.remove("js"));

  const paint = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  const remembered = () => {
    try {
      return localStorage.getItem(THEME) || "";
    } catch {
      return "";
    }
  };
  paint(remembered());

  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

  // A table whose rows can be searched, narrowed, ordered and shown by the hundred.
  class Table {
    constructor(section, words, changed) {
      this.section = section;
      this.name = section.id;
      this.words = words;
      this.changed = changed;
      this.table = section.querySelector("table.grid");
      this.rows = this.table ? [...this.table.querySelectorAll("[data-row]")] : [];
      this.ordered = this.rows;
      this.controls = new Map();
      for (const control of section.querySelectorAll("[data-filter]")) {
        const key = control.dataset.filter;
        this.controls.set(key, [...(this.controls.get(key) || []), control]);
        control.addEventListener("change", () => this.pick());
      }
      this.search = section.querySelector("[data-search]");
      this.clear = section.querySelector("[data-clear]");
      this.more = section.querySelector("[data-more]");
      this.none = section.querySelector("[data-none]");
      this.shown = section.querySelector("[data-shown]");
      this.picked = section.querySelector("[data-picked]");
      this.texts = new Map();
      this.reset();
      let waiting;
      this.search?.addEventListener("input", () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => this.pick(), 120);
      });
      this.clear?.addEventListener("click", () => {
        this.reset(this.sort);
        this.show();
        this.search?.focus();
        this.changed(this);
      });
      this.more?.addEventListener("click", () => {
        const next = this.matches[this.limit];
        this.limit += PAGE;
        this.show(false);
        next?.querySelector("button, a")?.focus();
      });
      this.table?.addEventListener("click", (event) => this.press(event));
      for (const head of section.querySelectorAll("th[data-sort]")) {
        const button = make("button", { type: "button", className: "sort" });
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener("click", () => this.order(head.dataset.sort));
      }
    }

    reset(sort = "") {
      this.query = "";
      this.chosen = new Map();
      this.sort = sort;
      this.limit = PAGE;
    }

    // From the controls; choices without a control, such as a line of the checklist, stay.
    pick() {
      for (const [key, controls] of this.controls) {
        const values = controls
          .filter((control) => (control.type === "checkbox" ? control.checked : control.value))
          .map((control) => control.value);
        if (values.length) this.chosen.set(key, values);
        else this.chosen.delete(key);
      }
      this.query = this.search?.value.trim() || "";
      this.limit = PAGE;
      this.show();
      this.changed(this);
    }

    order(key) {
      this.sort = this.sort === key ? `-${key}` : this.sort === `-${key}` ? "" : key;
      this.show();
      this.changed(this);
    }

    read(query) {
      this.reset();
      for (const [key, value] of new URLSearchParams(query)) {
        if (key === "q") this.query = value;
        else if (key === "sort") this.sort = value;
        else this.chosen.set(key, value.split(","));
      }
      this.show();
    }

    // Empty when nothing is narrowed or ordered.
    write() {
      const query = new URLSearchParams();
      for (const [key, values] of this.chosen) query.set(key, values.join(","));
      if (this.query) query.set("q", this.query);
      if (this.sort) query.set("sort", this.sort);
      const text = query.toString().replaceAll("%2C", ",");
      return text && `${this.name}?${text}`;
    }

    text(row) {
      let text = this.texts.get(row);
      if (text === undefined) this.texts.set(row, (text = plain(row.textContent)));
      return text;
    }

    value(row, index) {
      const cell = (row.querySelector("tr.main") || row).cells[index];
      if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
      const text = cell.textContent.trim();
      return cell.classList.contains("n") && text !== "–" ? Number(text.replaceAll(",", "")) : text;
    }

    arrange() {
      const descending = this.sort.startsWith("-");
      const key = descending ? this.sort.slice(1) : this.sort;
      let column = null;
      for (const head of this.section.querySelectorAll("th[data-sort]")) {
        const here = head.dataset.sort === key;
        if (here) column = head.cellIndex;
        if (here) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      }
      if (this.arranged === this.sort) return;
      this.arranged = this.sort;
      this.ordered = this.rows;
      if (column !== null) {
        const collator = new Intl.Collator(root.lang, { numeric: true });
        const compare = (a, b) => {
          if (typeof a === "number" && typeof b === "number") return a - b;
          // What is empty comes last in either direction.
          if (a === "" || b === "") return (a === "" ? 1 : 0) - (b === "" ? 1 : 0) || 0;
          return collator.compare(String(a), String(b));
        };
        const keyed = this.rows.map((row) => [this.value(row, column), row]);
        keyed.sort(([a], [b]) => (descending && a !== "" && b !== "" ? compare(b, a) : compare(a, b)));
        this.ordered = keyed.map(([, row]) => row);
      }
      if (this.ordered.length) this.ordered[0].parentNode.append(...this.ordered);
    }

    fits(row, words) {
      for (const [key, values] of this.chosen) {
        const own = row.dataset[key] || "";
        if (!values.includes(own) && !(key === "item" && own.split(" ").some((no) => values.includes(no))))
          return false;
      }
      return !words.length || words.every((word) => this.text(row).includes(word));
    }

    show(controls = true) {
      if (!this.table) return;
      this.arrange();
      const words = plain(this.query).split(/\s+/).filter(Boolean);
      this.matches = [];
      for (const row of this.ordered) {
        const fits = this.fits(row, words);
        if (fits) this.matches.push(row);
        row.classList.toggle("out", !fits);
        row.classList.toggle("later", fits && this.matches.length > this.limit);
        if (fits && this.matches.length <= this.limit) this.prepare(row);
      }
      const narrowed = this.chosen.size > 0 || this.query !== "";
      if (this.shown) {
        const numbers = new Intl.NumberFormat("en");
        this.shown.textContent = this.shown.dataset.shown
          .replace("{n}", numbers.format(this.matches.length))
          .replace("{total}", numbers.format(this.rows.length));
      }
      if (this.none) this.none.hidden = this.matches.length > 0 || this.rows.length === 0;
      if (this.more) this.more.hidden = this.matches.length <= this.limit;
      if (this.clear) this.clear.hidden = !narrowed;
      if (controls) this.reflect();
    }

    reflect() {
      if (this.search && this.search.value.trim() !== this.query) this.search.value = this.query;
      this.picked?.replaceChildren();
      for (const [key, controls] of this.controls) {
        const values = this.chosen.get(key) || [];
        for (const control of controls) {
          if (control.type === "checkbox") control.checked = values.includes(control.value);
          else control.value = values[0] || "";
        }
      }
      for (const [key, values] of this.chosen) {
        if (this.controls.has(key)) continue;
        const label = `${key === "item" ? this.words.item : key} ${values.join(", ")}`;
        const chip = make("button", { type: "button", className: "chosen", textContent: label });
        chip.setAttribute("aria-label", `${label}: ${this.words.remove}`);
        chip.addEventListener("click", () => {
          this.chosen.delete(key);
          this.show();
          this.changed(this);
        });
        this.picked?.append(chip);
      }
    }

    // The button that unfolds a row exists only where it does something.
    prepare(row) {
      const cell = row.querySelector("tr.main")?.cells[0];
      if (!cell || cell.querySelector("button")) return;
      const button = make("button", { type: "button", className: "fold" });
      button.setAttribute("aria-expanded", "false");
      button.setAttribute("aria-label", `${this.words.details}: ${row.querySelector(".name").textContent}`);
      cell.prepend(button);
    }

    press(event) {
      const row = event.target.closest("tr.main")?.parentNode;
      if (!row) return;
      const folds = event.target.closest("button.fold");
      if (!folds && (event.target.closest("a, button, input") || String(getSelection()))) return;
      this.unfold(row, !row.classList.contains("open"));
    }

    unfold(row, open) {
      this.prepare(row);
      row.classList.toggle("open", open);
      row.querySelector("button.fold")?.setAttribute("aria-expanded", String(open));
      const place = row.querySelector("[data-fix]");
      if (!open || !place || place.dataset.filled) return;
      place.dataset.filled = "yes";
      const steps = document.getElementById(`r-${place.dataset.fix}`)?.querySelector("[data-steps]");
      if (steps) place.prepend(steps.cloneNode(true));
    }

    reveal(row) {
      if (row.classList.contains("out")) {
        this.reset(this.sort);
        this.show();
      }
      const index = this.matches.indexOf(row);
      if (index >= this.limit) {
        this.limit = Math.ceil((index + 1) / PAGE) * PAGE;
        this.show();
      }
      this.unfold(row, true);
    }
  }

  const copy = async (button, words) => {
    const code = button.closest("figure").querySelector("pre");
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code);
      document.execCommand("copy");
    }
    button.textContent = words.copied;
    setTimeout(() => (button.textContent = words.copy), 1500);
  };

  const start = () => {
    const words = document.getElementById("main").dataset;
    const tables = new Map();

    const address = (first) => {
      const states = [...tables.values()].sort((a, b) => (b === first) - (a === first)).map((table) => table.write());
      const text = states.filter(Boolean).join(";");
      return text ? `#${text}` : `#${first.name}`;
    };
    const changed = (table) => history.replaceState(null, "", address(table));
    for (const section of document.querySelectorAll("section[data-table]")) {
      tables.set(section.id, new Table(section, words, changed));
    }

    const find = (id) => {
      const target = document.getElementById(id);
      if (!target) return;
      const row = target.closest("[data-row]");
      if (row) tables.get(row.closest("section").id)?.reveal(row);
      const details = target.closest("details");
      if (details) details.open = true;
      (details || target).scrollIntoView();
    };
    const read = () => {
      const hash = location.hash.slice(1);
      if (hash && !hash.includes("?")) {
        try {
          find(decodeURIComponent(hash));
        } catch {
          // A fragment that is no valid text names nothing here.
        }
        return;
      }
      const states = new Map(hash.split(";").map((part) => part.split("?", 2)));
      for (const table of tables.values()) table.read(states.get(table.name) || "");
      document.getElementById(states.keys().next().value)?.scrollIntoView();
    };

    document.addEventListener("click", (event) => {
      const go = event.target.closest("a[data-go]");
      if (go && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        const { go: name, ...choices } = go.dataset;
        const table = tables.get(name);
        if (!table) return;
        table.reset();
        for (const [key, value] of Object.entries(choices)) table.chosen.set(key, value.split(","));
        table.show();
        history.pushState(null, "", address(table));
        table.section.scrollIntoView();
        return;
      }
      const button = event.target.closest("button");
      if (button?.classList.contains("copy")) copy(button, words);
      if (button?.dataset.all) {
        for (const rule of document.querySelectorAll("details.rule")) rule.open = button.dataset.all === "open";
      }
    });
    for (const caption of document.querySelectorAll("figure.code figcaption")) {
      caption.append(make("button", { type: "button", className: "copy", textContent: words.copy }));
    }

    const theme = document.getElementById("theme");
    theme.value = root.dataset.theme || "";
    theme.addEventListener("change", () => {
      paint(theme.value);
      try {
        localStorage.setItem(THEME, theme.value);
      } catch {
        // Without storage the choice lasts as long as the page.
      }
    });

    // What sticks below the header depends on how the words wrap.
    const measured = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        const [place, name] = target.matches("header") ? [root, "--header"] : [target.closest("section"), "--tools"];
        place.style.setProperty(name, `${target.offsetHeight}px`);
      }
    });
    for (const bar of document.querySelectorAll("header.top, .tools")) measured.observe(bar);

    const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
    const seen = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) links.get(target.id)?.setAttribute("aria-current", "true");
          else links.get(target.id)?.removeAttribute("aria-current");
        }
      },
      { rootMargin: "-25% 0px -74%" },
    );
    for (const section of document.querySelectorAll("main > section")) seen.observe(section);

    let closed = [];
    window.addEventListener("beforeprint", () => {
      closed = [...document.querySelectorAll("details:not([open])")];
      for (const details of closed) details.open = true;
    });
    window.addEventListener("afterprint", () => {
      for (const details of closed) details.open = false;
    });

    for (const table of tables.values()) table.show();
    root.classList.add("ready");
    window.addEventListener("hashchange", read);
    if (location.hash) read();
  };
  document.addEventListener("DOMContentLoaded", start);
})();
