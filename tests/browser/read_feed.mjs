// Prints what rss-parser (npm) makes of each feed file named on the command line, as JSON.
import { readFileSync } from "node:fs";
import Parser from "rss-parser";

const found = [];
for (const path of process.argv.slice(2)) {
  const feed = await new Parser().parseString(readFileSync(path, "utf8"));
  found.push({
    path,
    title: feed.title,
    items: feed.items.map((item) => ({
      title: item.title,
      link: item.link,
      id: item.guid ?? item.id,
      date: item.isoDate,
      enclosure: item.enclosure ?? null,
    })),
  });
}
process.stdout.write(JSON.stringify(found));
