// The day we last looked at each source: it changes with every crawl, the page does not.
const marks = document.querySelectorAll("[data-seen]");
const stamp = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" });

if (marks.length) {
  const answer = await fetch(document.querySelector("[data-seen-in]").dataset.seenIn).catch(() => null);
  const seen = answer?.ok ? await answer.json() : {};
  for (const mark of marks) {
    const day = seen[mark.dataset.seen];
    if (day) mark.textContent = mark.dataset.words.replace("{when}", stamp.format(new Date(day)));
  }
}
