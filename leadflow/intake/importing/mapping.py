"""Which column is which field: what people choose, and what the column names suggest."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadflow.intake.importing.limits import MAX_HEADER
from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.leads.rules import MAX_CUSTOM_FIELDS, MAX_CUSTOM_TEXT

FIELDS: dict[str, str] = {
    "name": "Name",
    "first_name": "First name",
    "last_name": "Last name",
    "email": "Email",
    "phone": "Phone",
    "company": "Company",
    "title": "Title",
    "source": "Source",
    "value": "Value",
    "currency": "Currency",
    "country": "Country",
}
CUSTOM = "custom"
"""`custom` keeps a column under its own name, `custom.<key>` under another one."""

_ADDRESSES = ("email", "phone", "name", "first_name", "last_name")
_KEY_LENGTH = MAX_CUSTOM_TEXT // 10

# Simplified spellings (lower case, no accents, letters and digits only) in English, German, French, Spanish,
# Portuguese, Italian, Dutch, Polish and the Scandinavian languages.
_NAMES: dict[str, str] = {
    "email": "email emailaddress mail mailaddress emailadresse mailadresse epost epostadress epostadresse correo "
    "correoelectronico courriel adressemail adresseemail adresseelectronique indirizzoemail postaelettronica "
    "emailadres adresemail workemail businessemail primaryemail personalemail contactemail emailaddress1",
    "first_name": "firstname first givenname forename vorname prenom nombre nome imie fornavn fornamn voornaam "
    "primeironome contactfirstname rufname",
    "last_name": "lastname last surname familyname nachname familienname nomdefamille nom apellido apellidos cognome "
    "sobrenome apelido nazwisko etternavn efternavn efternamn achternaam contactlastname",
    "name": "name fullname contact contactname leadname person contactperson ansprechpartner kontakt kontaktname "
    "vollername nomcomplet nombrecompleto nomecompleto nomeecognome nombreyapellidos imieinazwisko naam navn namn "
    "displayname customername kundenname",
    "phone": "phone phonenumber telephone telephonenumber tel mobile mobilephone mobilenumber cell cellphone telefon "
    "telefonnummer telefonnr mobil mobiltelefon handy handynummer rufnummer telefono telefonomovil movil celular "
    "numerodetelefono telefone telemovel portable numerodetelephone telefoon telefoonnummer numertelefonu cellulare "
    "workphone businessphone phone1 whatsapp",
    "company": "company companyname organization organisation organizationname organisationname account accountname "
    "business firma firmenname unternehmen gesellschaft entreprise societe raisonsociale empresa compania azienda "
    "societa bedrijf bedrijfsnaam foretag virksomhed bedrift employer",
    "title": "title jobtitle position role job function berufsbezeichnung positionstitel stellung funktion "
    "poste fonction intitulduposte cargo puesto titolo ruolo posizione functie stanowisko tittel titel titre",
    "source": "source leadsource origin channel utmsource quelle herkunft leadquelle kanal origine provenance fuente "
    "origen canal fonte origem bron zrodlo kilde kalla",
    "value": "value amount dealvalue dealsize opportunityvalue estimatedvalue expectedrevenue revenue budget wert "
    "betrag auftragswert umsatz valeur montant valor importe monto montante valore importo waarde bedrag wartosc "
    "kwota belop vaerdi varde",
    "currency": "currency currencycode currencyisocode wahrung waehrung devise monnaie moneda divisa moeda valuta "
    "waluta",
    "country": "country countrycode countryregion land landercode laendercode landcode pays pais paese kraj landskod "
    "mailingcountry billingcountry staat",
}
_SUGGESTED = {spelling: name for name, spellings in _NAMES.items() for spelling in spellings.split()}


def suggest(header: Sequence[str]) -> dict[str, str | None]:
    """The field that each column's name speaks of; each field once, the first column winning."""
    taken: set[str] = set()
    found: dict[str, str | None] = {}
    for column in header:
        field = _SUGGESTED.get(_simplified(column))
        found[column] = None if field in taken else field
        taken |= {field} if field else set()
    return found


def _simplified(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ø", "o").replace("ł", "l").replace("æ", "ae"))
    return re.sub(r"[^a-z0-9]", "", plain.encode("ascii", "ignore").decode())


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the fields stand in a row: the number of each field's column, and the key of each custom one's."""

    width: int
    fields: Mapping[str, int]
    custom: tuple[tuple[str, int], ...] = ()

    def place(self, field: str) -> int:
        """The field's column; the one behind the last, which is always empty, when it has none."""
        return self.fields.get(field, self.width)


def columns_of(header: Sequence[str], mapping: Mapping[str, str | None]) -> Columns:
    """Turn a choice of fields into places.

    Raises:
        Invalid: the choice is impossible; the problems name the columns.

    """
    problems: list[FieldProblem] = []
    places = {name: number for number, name in enumerate(header)}
    fields: dict[str, int] = {}
    custom: dict[str, int] = {}
    for column, field in mapping.items():
        if field in {None, "", "ignore"}:
            continue
        problem = _place(column, str(field), places, fields, custom)
        if problem:
            problems.append(FieldProblem(f"mapping.{column[:MAX_HEADER]}", problem))
    if not problems and not any(field in fields for field in _ADDRESSES):
        problems.append(
            FieldProblem("mapping", "Choose a column for the e-mail address, the phone number or the name.")
        )
    if len(custom) > MAX_CUSTOM_FIELDS:
        problems.append(FieldProblem("mapping", f"At most {MAX_CUSTOM_FIELDS} columns can become custom fields."))
    if problems:
        raise Invalid(problems=problems)
    return Columns(len(header), fields, tuple(custom.items()))


def _place(
    column: str, field: str, places: Mapping[str, int], fields: dict[str, int], custom: dict[str, int]
) -> str | None:
    """Note where the field stands, or say why it cannot."""
    if column not in places:
        return "The file has no such column."
    if field == CUSTOM or field.startswith(f"{CUSTOM}."):
        key = (field.partition(".")[2] or column).strip()[:_KEY_LENGTH]
        if key in custom:
            return f"Two columns cannot both become the custom field {key!r}."
        custom[key] = places[column]
        return None
    if field not in FIELDS:
        return f"{field[:40]!r} is not a field. There are: {', '.join(FIELDS)}, custom."
    if field in fields:
        return f"Two columns cannot both become {FIELDS[field].lower()}."
    fields[field] = places[column]
    return None
