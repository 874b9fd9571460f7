/** The row that stands in the list until a report has its answer; its number is the attempt's key. */
export const waitingItem = (key, answer, body) => ({
  number: key,
  state: "REPORTED",
  location: answer.location,
  category: body.category ?? null,
  category_name: null,
  description: body.description,
  address: body.address ?? "",
  reported_at: new Date().toISOString(),
  cell: answer.cell,
  segment: answer.segment,
  areas: answer.areas,
  lead: answer.departments.find(({ part }) => part === "LEAD") ?? null,
});
