// Reads a calendar with ical.js (Thunderbird's parser) and node-ical; prints what both saw as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import nodeIcal from "node-ical";

const answers = process.argv.slice(2).map((path) => {
  const text = readFileSync(path, "utf8");
  const root = new ICAL.Component(ICAL.parse(text));
  for (const zone of root.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  }
  const thunderbird = {};
  for (const component of root.getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(component);
    thunderbird[event.uid] = {
      summary: event.summary,
      start: event.startDate.isDate ? event.startDate.toString() : event.startDate.toJSDate().toISOString(),
      end: event.endDate.isDate ? event.endDate.toString() : event.endDate.toJSDate().toISOString(),
      allDay: event.startDate.isDate,
      status: component.getFirstPropertyValue("status"),
      location: event.location,
    };
  }
  const node = {};
  for (const item of Object.values(nodeIcal.sync.parseICS(text))) {
    if (item.type !== "VEVENT") continue;
    node[item.uid] = {
      summary: item.summary,
      start: item.start.toISOString(),
      end: item.end?.toISOString(),
      status: item.status,
      location: item.location ?? null,
    };
  }
  return { path, thunderbird, node };
});
console.log(JSON.stringify(answers));
