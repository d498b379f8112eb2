// Editing many leads: what is asked of the server, and what its preview says. Pure.
export const EDITABLE = [
  { key: "stage", label: "Stage" }, { key: "source", label: "Source" }, { key: "company", label: "Company" },
  { key: "title", label: "Title" }, { key: "country", label: "Country" }, { key: "value", label: "Value" },
];

// The change that a draft means; null while it does not say one. Text left empty empties the field.
export function changeOf({ field, text, currency, reason }, toMinor) {
  const said = text.trim();
  if (field === "stage") return said ? { stage: said, ...(reason.trim() ? { reason: reason.trim() } : {}) } : null;
  if (field !== "value") return { [field]: said || null };
  if (!said) return { value: null };
  const value = toMinor(said, currency);
  return Number.isFinite(value) ? { value, currency } : null;
}

const part = (count, one, many, number) => (count > 0 ? [`${number(count)} ${count === 1 ? one : many}`] : []);

export function summaryOf({ leads, changing, already, closed, refused, missing }, number) {
  const changes = changing === 0 ? "No lead changes" : changing === leads ? `${number(changing)} ${changing === 1 ? "lead changes" : "leads change"}` : `${number(changing)} of ${number(leads)} leads ${changing === 1 ? "changes" : "change"}`;
  return `${[
    changes, ...part(already, "says so already", "say so already", number), ...part(closed, "is won or lost and stays", "are won or lost and stay", number),
    ...part(refused, "is not yours to change", "are not yours to change", number), ...part(missing, "is not there any more", "are not there any more", number),
  ].join("; ")}.`;
}

// "41 from New, 12 from Contacted"; what is empty is called so.
export function fromOf({ from_, others }, nameOf, number) {
  const told = from_.map((each) => `${number(each.leads)} from ${nameOf(each.value) || "nothing"}`);
  return [...told, ...(others ? [`${number(others)} from others`] : [])].join(", ");
}
