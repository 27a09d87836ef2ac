// A table that is searched, filtered, sorted and leafed through. Only the rows of one page are in the document, so that 20,000 devices
// cost no more than fifty.

import { collator, make, makeText, numbers } from "./rows.mjs";

/** Rows of a printed page, of the lists that can be long. */
const mostPrinted = 100;

export class DataTable {
  /**
   * `columns`: {title, value, cell?, isNumber?, isHeader?}. `value` is sorted by; `cell` is what is shown.
   * `filters`: {label, options: [[value, label]], testOf}: `testOf` makes of a chosen value what is asked of each row. `searched` gives the text in which the search looks.
   */
  constructor(container, { nouns, columns, filters, rows, searched, searchLabel, isPrintedWhole }) {
    Object.assign(this, { nouns, columns, filters, rows, isPrintedWhole });
    this.texts = new Map(rows.map((row) => [row, searched(row).toLowerCase()]));
    this.sorted = rows;
    this.chosen = new Map();
    this.words = [];
    this.page = 0;
    this.size = 50;
    container.append(this.makeControls(searchLabel), this.makeTable(), this.makePager());
    this.sortBy(0, "ascending");
    addEventListener("beforeprint", () => this.show(true));
    addEventListener("afterprint", () => this.show());
  }

  makeControls(searchLabel) {
    const search = make("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    search.addEventListener("input", () => {
      this.words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      this.filter();
    });
    const selects = this.filters.map(({ label, options, testOf }) => {
      const choices = options.map(([value, text]) => make("option", { value }, text));
      const select = make("select", {}, make("option", { value: "" }, "all"), ...choices);
      select.addEventListener("change", () => {
        if (select.value === "") this.chosen.delete(label);
        else this.chosen.set(label, testOf(select.value));
        this.filter();
      });
      return make("label", {}, make("span", {}, label), select);
    });
    this.status = make("p", { class: "status", role: "status" });
    const controls = make("div", { class: "controls" });
    controls.append(make("label", {}, make("span", {}, searchLabel), search), ...selects, this.status);
    return controls;
  }

  makeTable() {
    this.heads = this.columns.map(({ title, isNumber }, index) => {
      const button = make("button", { type: "button" }, title, make("span", { class: "arrow", "aria-hidden": "true" }));
      button.addEventListener("click", () => {
        // Numbers are looked at from the largest on.
        const first = isNumber ? "descending" : "ascending";
        const other = isNumber ? "ascending" : "descending";
        this.sortBy(index, this.heads[index].getAttribute("aria-sort") === first ? other : first);
      });
      return make("th", { scope: "col", ...(isNumber && { class: "number" }) }, button);
    });
    this.body = make("tbody");
    const caption = make(
      "caption",
      { class: "hidden" },
      `${this.nouns[1]}, one on a row; the buttons in the heads sort`,
    );
    const table = make("table", {}, caption, make("thead", {}, make("tr", {}, ...this.heads)), this.body);
    return make(
      "div",
      { class: "scroll", role: "region", tabindex: "0", "aria-label": `List of ${this.nouns[1]}` },
      table,
    );
  }

  makePager() {
    this.back = make("button", { type: "button" }, "Previous");
    this.forth = make("button", { type: "button" }, "Next");
    this.place = make("span", { class: "place" });
    const leaf = (by) => () => {
      this.page = Math.max(0, this.page + by);
      this.show();
    };
    this.back.addEventListener("click", leaf(-1));
    this.forth.addEventListener("click", leaf(1));
    const size = make("select", {}, ...[50, 200, 1000].map((count) => make("option", { value: count }, `${count}`)));
    size.addEventListener("change", () => {
      this.size = Number(size.value);
      this.page = 0;
      this.show();
    });
    this.pager = make(
      "nav",
      { class: "pager", "aria-label": `Pages of ${this.nouns[1]}` },
      this.back,
      this.place,
      this.forth,
      make("label", {}, make("span", {}, "Rows"), size),
    );
    return this.pager;
  }

  sortBy(index, direction) {
    const { value } = this.columns[index];
    const sign = direction === "ascending" ? 1 : -1;
    const keyed = this.rows.map((row) => [value(row), row]);
    const isText = typeof keyed[0]?.[0] === "string";
    // Comparing as people read is dear; serial numbers and ids are compared as they are.
    const compare = isText && this.rows.length <= 2000 ? collator.compare : (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    keyed.sort(([a], [b]) => sign * compare(a, b));
    this.sorted = keyed.map(([, row]) => row);
    for (const [at, head] of this.heads.entries()) {
      if (at === index) head.setAttribute("aria-sort", direction);
      else head.removeAttribute("aria-sort");
    }
    this.filter();
  }

  filter() {
    const tests = [...this.chosen.values()];
    this.shown = this.sorted.filter((row) => {
      const text = this.texts.get(row);
      return this.words.every((word) => text.includes(word)) && tests.every((test) => test(row));
    });
    this.page = 0;
    this.show();
  }

  /** Puts the rows of the current page into the document; on paper as many as a reader can want. */
  show(isPrinting = false) {
    const { length } = this.shown;
    const size = isPrinting ? (this.isPrintedWhole ? length : mostPrinted) : this.size;
    const pages = Math.max(1, Math.ceil(length / size));
    const page = isPrinting ? 0 : Math.min(this.page, pages - 1);
    const rows = this.shown.slice(page * size, (page + 1) * size);
    this.body.replaceChildren(...rows.map((row) => this.makeRow(row, isPrinting)));
    const noun = this.nouns[this.rows.length === 1 ? 0 : 1];
    const all = `${numbers.format(this.rows.length)} ${noun}`;
    const found = length === this.rows.length ? all : `${numbers.format(length)} of ${all}`;
    this.status.textContent = isPrinting && rows.length < length ? `The first ${rows.length} of ${found}` : found;
    this.place.textContent = `Page ${numbers.format(page + 1)} of ${numbers.format(pages)}`;
    // A button that is disabled while it has the focus would lose it.
    this.back.setAttribute("aria-disabled", String(page === 0));
    this.forth.setAttribute("aria-disabled", String(page === pages - 1));
    this.pager.hidden = this.rows.length <= 50;
    if (!isPrinting) this.page = page;
  }

  makeRow(row, isPrinting) {
    const cells = this.columns.map(({ value, cell, isNumber, isHeader }) => {
      const shown = cell ? cell(row, isPrinting) : isNumber ? numbers.format(value(row)) : makeText(value(row));
      const attributes = isNumber ? { class: "number" } : {};
      return isHeader ? make("th", { scope: "row", ...attributes }, shown) : make("td", attributes, shown);
    });
    return make("tr", {}, ...cells);
  }
}
