// <trek-agenda venue="..."> or municipality="...": the coming events in the page of another site.
// No cookie, no tracking, nothing kept. Style it with the custom properties --trek-ink, --trek-line,
// --trek-font, --trek-gap and the parts list, item, title, more. Without a script the link inside stays.
(() => {
  const base = new URL(".", document.currentScript.src).href;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: block; font: var(--trek-font, inherit); color: var(--trek-ink, inherit); }
    ul { list-style: none; margin: 0; padding: 0; }
    li { padding: var(--trek-gap, .6em) 0; border-bottom: 1px solid var(--trek-line, currentColor); }
    a { color: inherit; }
  `);

  const make = (tag, part, text) => {
    const node = document.createElement(tag);
    node.part = part;
    if (text) node.textContent = text;
    return node;
  };
  const web = (address) => (/^https?:\/\//.test(address) ? address : base);

  class TrekAgenda extends HTMLElement {
    async connectedCallback() {
      if (this.shadowRoot) return;
      const query = new URLSearchParams({ kind: "week", days: this.getAttribute("days") || "31" });
      for (const key of ["venue", "municipality", "pillar"]) {
        for (const value of (this.getAttribute(key) || "").split(/[\s,]+/)) if (value) query.append(key, value);
      }
      query.set("language", this.getAttribute("lang") || "nl");
      const answer = await fetch(`${base}feeds.json?${query}`, { credentials: "omit", referrerPolicy: "no-referrer" }).catch(() => null);
      if (!answer?.ok) return; // the link stays
      const { items } = await answer.json();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      const list = make("ul", "list");
      for (const item of items.slice(0, Number(this.getAttribute("most")) || 10)) list.append(this.row(item));
      root.append(list, make("slot", "more"));
    }

    row(item) {
      const row = make("li", "item");
      const link = make("a", "title", item.title); // with its day, hour and place
      link.href = web(item.url);
      row.append(link);
      return row;
    }
  }
  if (!customElements.get("trek-agenda")) customElements.define("trek-agenda", TrekAgenda);
})();
