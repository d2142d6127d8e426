// Search as you type: the index is fetched when somebody begins, the form itself works without.
import { fold, holds } from "./fold.js";

const MOST = 8;
const box = document.querySelector("input[data-index]");
const list = document.getElementById("hits");
const said = document.getElementById("hits-said");
const day = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "short", day: "numeric", month: "short" });
let index = null;

function load() {
  index ??= fetch(box.dataset.index).then((answer) => answer.json()).then(prepare);
  return index;
}

function prepare(found) {
  const root = box.dataset.root;
  const page = (path) => root + path.replace(/^\//, "");
  const aliases = new Map();
  const rows = [];
  for (const [name, path, others] of found.places) {
    for (const other of others) aliases.set(other, fold(name));
    rows.push({ text: fold([name, ...others].join(" ")), name, where: "", href: page(path), first: 0 });
  }
  for (const [name, path, town] of found.venues) {
    rows.push({ text: fold(`${name} ${town}`), name, where: town, href: page(path), first: 1 });
  }
  for (const [folder, name, where, first, more, off] of found.events) {
    const text = `${fold(`${name} ${where}`)} ${more}`;
    rows.push({ text, name, where, href: page(`/evenement/${folder}/`), first: 2, day: first, off });
  }
  return { rows, aliases };
}

function find({ rows, aliases }, typed) {
  const words = fold(typed).split(" ").filter(Boolean);
  if (!words.length) return null;
  const whole = aliases.get(words.join(" "));
  const tests = whole ? [[words.join(" "), whole]] : words.map((word) => [word, aliases.get(word)]);
  return rows.filter((row) => tests.every(([word, place]) => holds(row.text, word) || (place && holds(row.text, place))));
}

function line(row) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = row.href;
  link.textContent = row.name;
  if (row.off) link.className = "off";
  const where = document.createElement("span");
  where.className = "where";
  where.textContent = [row.day && day.format(new Date(`${row.day}T12:00`)), row.where].filter(Boolean).join(" · ");
  item.append(link, " ", where);
  return item;
}

async function show() {
  const typed = box.value;
  const found = find(await load(), typed);
  if (typed !== box.value) return;
  const best = (found ?? []).sort((a, b) => a.first - b.first).slice(0, MOST);
  list.replaceChildren(...best.map(line));
  list.hidden = !best.length;
  said.textContent = found === null ? "" : found.length ? said.dataset.some.replace("{n}", found.length) : said.dataset.none;
}

if (box) {
  box.addEventListener("focus", load, { once: true });
  box.addEventListener("input", show);
  box.addEventListener("keydown", (key) => {
    if (key.key === "Escape") { list.hidden = true; }
    if (key.key === "ArrowDown" && !list.hidden) { key.preventDefault(); list.querySelector("a").focus(); }
  });
  list.addEventListener("keydown", (key) => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[key.key];
    if (key.key === "Escape") { list.hidden = true; box.focus(); }
    if (!step) return;
    key.preventDefault();
    (document.activeElement.closest("li")[step]?.querySelector("a") ?? box).focus();
  });
}
