// Teams as they hang in their tree. The organization is its root; a team whose parent is unknown hangs there too.

const byName = (one, other) => one.name.localeCompare(other.name);

export function below(teams, parent) {
  const known = new Set(teams.map((team) => team.id));
  return teams.filter((team) => (known.has(team.parent) ? team.parent : null) === parent).sort(byName);
}

// Every team after the one above it, each with how deep it stands.
export function inOrder(teams) {
  const known = new Set(teams.map((team) => team.id));
  const children = new Map();
  for (const team of [...teams].sort(byName)) {
    const parent = known.has(team.parent) ? team.parent : null;
    children.set(parent, [...(children.get(parent) ?? []), team]);
  }
  const walk = (parent, depth) => (children.get(parent) ?? []).flatMap((team) => [{ ...team, depth }, ...walk(team.id, depth + 1)]);
  return walk(null, 1);
}

// The ids of a team and of all that hang below it.
export function subtree(teams, id) {
  const found = new Set([id]);
  for (const team of inOrder(teams)) if (found.has(team.parent)) found.add(team.id);
  return found;
}

// How many people stand in each team, and how many there or below; null is the organization itself.
export function headcounts(teams, people) {
  const parents = new Map(teams.map((team) => [team.id, team.parent]));
  const counts = new Map([[null, { here: 0, all: 0 }], ...teams.map((team) => [team.id, { here: 0, all: 0 }])]);
  for (const person of people) {
    const home = parents.has(person.team) ? person.team : null;
    counts.get(home).here += 1;
    for (let at = home; at; at = counts.has(parents.get(at)) ? parents.get(at) : null) counts.get(at).all += 1;
    counts.get(null).all += 1;
  }
  return counts;
}

// What a select offers: the root, then every team, indented; `without` leaves out a team and all below it.
export function teamOptions(teams, root, without) {
  const left = without ? subtree(teams, without) : new Set();
  return [{ value: "", label: root, depth: 0 }, ...inOrder(teams).filter((team) => !left.has(team.id)).map((team) => ({ value: team.id, label: team.name, depth: team.depth }))];
}
