// The public holidays of a country, or of one of its regions, added for a year at once.
import { useMemo, useState } from "react";
import { Whose, whoseOf } from "./holiday_whose.jsx";
import { plural, rest, toast, useOnce, useRest } from "./kit.js";
import { Field, useSaving } from "./saving.jsx";

const names = new Intl.DisplayNames(undefined, { type: "region", fallback: "none" });
const ownCountry = () => new Intl.Locale(navigator.language).maximize().region ?? "";

export function CountryHolidays({ year: first, usual, isForAll, teams, people, onDone }) {
  const known = useOnce("/holidays/countries")?.items;
  const [picked, setPicked] = useState("");
  const [region, setRegion] = useState("");
  const [year, setYear] = useState(String(first));
  const [whose, setWhose] = useState(usual);
  const { busy, send, problemOf, elsewhere } = useSaving(["country", "region", "year"]);
  const countries = useMemo(() => (known ?? []).map((each) => ({ code: each.code, name: names.of(each.code) ?? each.name })).sort((one, other) => one.name.localeCompare(other.name)), [known]);
  const country = picked || (countries.some((each) => each.code === ownCountry()) ? ownCountry() : countries[0]?.code ?? "");
  const found = useRest(country ? `/holidays/countries?country=${country}` : null).data?.items[0];
  const regions = found?.code === country ? found.regions : [];
  const save = (event) => {
    event?.preventDefault();
    return send(async () => {
      const { new: added } = await rest("POST", "/holidays/import", { country, region, year: Number(year) || 0, ...whoseOf(whose) });
      toast(added ? `${plural(added, "holiday")} added.` : "These were all there already.");
      onDone(Number(year));
    });
  };
  return (
    <form className="lf-form" noValidate onSubmit={save} aria-busy={busy}>
      {elsewhere && <p className="lf-error lf-error--block" role="alert">{elsewhere}</p>}
      <div className="lf-pair">
        <Field id="holidays-country" label="Country" problem={problemOf("country")}>
          <select id="holidays-country" className="lf-select" value={country} onChange={(event) => { setPicked(event.target.value); setRegion(""); }}>{countries.map((each) => <option key={each.code} value={each.code}>{each.name}</option>)}</select>
        </Field>
        <Field id="holidays-region" label="Region" problem={problemOf("region")}>
          <select id="holidays-region" className="lf-select" value={region} disabled={!regions.length} onChange={(event) => setRegion(event.target.value)}>
            <option value="">{regions.length ? "The whole country’s" : "No regions of its own"}</option>
            {regions.map((each) => <option key={each.code} value={each.code}>{each.name}</option>)}
          </select>
        </Field>
      </div>
      <div className="lf-pair">
        <Field id="holidays-year" label="Year" problem={problemOf("year")}><input id="holidays-year" className="lf-input lf-number" type="number" min="2000" max="2099" value={year} onChange={(event) => setYear(event.target.value)} /></Field>
        {isForAll && <Whose id="holidays-whose" value={whose} onChange={setWhose} teams={teams} people={people} />}
      </div>
      <p className="lf-help">Those that are there already stay as they are. Any of them can be removed again.</p>
      <div className="lf-actions"><button type="submit" className="lf-button lf-button--primary" disabled={busy || !country}>Add the public holidays</button></div>
    </form>
  );
}
