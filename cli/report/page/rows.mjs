// Makes rows of the page's data. A row knows its library, so that several libraries can stand in one table.

/** @returns one record for each app, person and device of all libraries */
export const readRows = () => {
  const libraries = JSON.parse(document.getElementById("data").textContent);
  const apps = [];
  const people = [];
  const devices = [];
  for (const [library, { title, apps: products, sets, ...lists }] of libraries.entries()) {
    const owner = { library, title };
    const names = products.map(([name]) => name);
    const held = sets.map((positions) => ({ count: positions.length, positions, library, names }));
    for (const [name, adamId, pricing, type, bought, used, free, pending, undeclared] of products)
      apps.push({ ...owner, name, adamId, pricing, type, bought, used, free, pending, undeclared });
    for (const [id, accepted, set, undeclared, declared] of lists.people)
      people.push({ ...owner, id, accepted, held: held[set], undeclared, declared });
    for (const [id, set, undeclared] of lists.devices) devices.push({ ...owner, id, held: held[set], undeclared });
  }
  return { libraries, apps, people, devices };
};

export const numbers = new Intl.NumberFormat("en-GB");
export const collator = new Intl.Collator("en-GB", { numeric: true, sensitivity: "base" });

/** An element with attributes and children; text is only ever set as text. */
export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== undefined && child !== ""));
  return element;
};

/** A bar of parts of a whole. The numbers stand beside it as text. */
export const makeBar = (whole, parts) => {
  const bar = make("span", { class: "bar", "aria-hidden": "true" });
  for (const [style, count] of parts) {
    if (count <= 0) continue;
    const part = make("span", { class: style });
    part.style.width = `${Math.min(100, (count / Math.max(1, whole)) * 100)}%`;
    bar.append(part);
  }
  return bar;
};

/** A text of the service, kept apart from what is around it whatever its direction of writing. */
export const makeText = (text) => make("bdi", {}, text);

/** On paper nothing can be unfolded. */
const mostNamesOnPaper = 6;

/** The apps that somebody holds: as text if they are few or on paper, else to be unfolded. */
export const makeHeld = ({ count, positions, names }, isPrinting) => {
  if (count === 0) return "";
  const sorted = () => positions.map((position) => names[position]).sort(collator.compare);
  if (isPrinting || count <= 2) {
    const rest = count > mostNamesOnPaper ? ` and ${count - mostNamesOnPaper} more` : "";
    return makeText(sorted().slice(0, mostNamesOnPaper).join(", ") + rest);
  }
  const details = make("details", {}, make("summary", {}, `${numbers.format(count)} apps`));
  details.addEventListener(
    "toggle",
    () => details.append(make("ul", {}, ...sorted().map((name) => make("li", {}, makeText(name))))),
    { once: true },
  );
  return details;
};
