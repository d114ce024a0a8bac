// Shows how a table is read and what becomes of a file. Text nodes only.
import { byId, option, setText } from "../lib/dom.js";
import { FIELDS, linesOf, OUTCOMES, outcomeWords, summary } from "./state.js";

const MOST_SHOWN = 200;

const element = (tag, text = "", properties = {}) => Object.assign(document.createElement(tag), { textContent: text, ...properties });

/** `onChoice()` is called whenever a column gets another field. */
export function showColumns({ columns, samples, mapping }, onChoice) {
  const fieldOf = Object.fromEntries(Object.entries(mapping).map(([field, column]) => [column, field]));
  byId("mapping-columns").replaceChildren(...columns.map((name, column) => {
    const select = element("select", "", { className: "form-control select" });
    select.append(option("", "Leave out"), ...FIELDS.map(([field, word]) => option(field, word)));
    select.value = fieldOf[column] ?? "";
    select.setAttribute("aria-label", `Column ${name} holds`);
    select.addEventListener("change", () => { freeOthers(select); onChoice(); });
    const head = element("th", "", { scope: "col" });
    head.append(element("span", name, { className: "mapping-name" }), select);
    return head;
  }));
  byId("mapping-samples").replaceChildren(...samples.map((row) => {
    const line = element("tr");
    line.append(...columns.map((_, column) => element("td", row[column] ?? "")));
    return line;
  }));
  byId("mapping").hidden = false;
}

export const choices = () => [...byId("mapping-columns").querySelectorAll("select")].map(({ value }) => value);

/** A field is in one column only. */
function freeOthers(chosen) {
  for (const select of byId("mapping-columns").querySelectorAll("select")) {
    if (select !== chosen && chosen.value && select.value === chosen.value) select.value = "";
  }
}

export function showReport(result, outcome, onFilter) {
  byId("report").hidden = false;
  setText(byId("report-title"), summary(result));
  byId("report-filter").replaceChildren(
    pill("All", result.lines.length, null),
    ...OUTCOMES.map(([key, name, word]) => pill(word[0].toUpperCase() + word.slice(1), result.counts[key], name)),
  );
  const lines = linesOf(result.lines, outcome);
  byId("report-lines").replaceChildren(...lines.slice(0, MOST_SHOWN).map(reportLine));
  byId("report-more").hidden = lines.length <= MOST_SHOWN;
  setText(byId("report-more"), `and ${lines.length - MOST_SHOWN} more, all of them in the saved report`);

  function pill(word, count, name) {
    const button = element("button", `${word} ${count}`, { className: "pill", type: "button" });
    button.setAttribute("aria-pressed", String(name === outcome));
    button.addEventListener("click", () => {
      onFilter(name);
      byId("report-filter").querySelector('[aria-pressed="true"]').focus();
    });
    return button;
  }
}

function reportLine(line) {
  const row = element("tr");
  row.dataset.outcome = line.outcome;
  const what = element("td");
  what.append(element("span", line.kind, { className: "report-kind" }), ` ${line.name}`);
  row.append(what, element("td", line.where), element("td", outcomeWords(line)));
  return row;
}
