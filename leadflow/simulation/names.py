"""Names of made-up people and firms. A name in another script carries its Latin spelling for the e-mail address."""

from dataclasses import dataclass
from typing import TypeAlias

Spelled: TypeAlias = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Culture:
    """Names that go together, and the country their bearers mostly write from."""

    country: str
    weight: float
    given: tuple[Spelled, ...]
    family: tuple[Spelled, ...]
    forms: tuple[str, ...]
    """Legal forms of firms there."""
    family_first: bool = False


def _split(words: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in words.split())


CULTURES = (
    Culture(
        "DE",
        0.24,
        _split("Lena Jürgen Anneliese Maximilian Käthe Björn Sabine Thorsten Greta Uwe Franziska Matthias Özlem Emre"),
        _split(
            "Müller Großmann Schäfer Weiß Brückner Vogt Lindemann Yıldız Böhm Hartwig Krämer Aydın Engelhardt "
            "von_der_Heyden Schmidt-Rottluff Pfeiffer"
        ),
        _split("GmbH AG GmbH_&_Co._KG"),
    ),
    Culture(
        "GB",
        0.15,
        _split("Oliver Priya Gareth Siobhán Amelia Rhys Imogen Kwame Niamh Alistair Zara Hamish"),
        _split(
            "Whitcombe O'Sullivan Featherstonehaugh Ahmed Boateng Llewellyn MacAlister Pemberton-Hughes Chowdhury "
            "Thistlewood Ó_Briain Hargreaves"
        ),
        _split("Ltd plc"),
    ),
    Culture(
        "US",
        0.14,
        _split("Madison Tyrone Guadalupe Ethan Shanice Dakota Hiroshi Caleb Keisha Wyatt Ximena Brooke"),
        _split(
            "Washington Castellanos Kowalczyk Nakamura Beauchamp Okonkwo Rodríguez Van_Buren Whitaker Delacroix "
            "Hernández-Ortiz Sorensen"
        ),
        _split("Inc. LLC Corp."),
    ),
    Culture(
        "FR",
        0.10,
        _split("Élodie Jean-Baptiste Chloé Gaël Anaïs François Maëlys Thibault Noémie Rémi"),
        _split("Lefèvre de_La_Rochefoucauld Benoît N'Diaye Dupont-Aignan Mercier Bouchard Faure Garçon Leclercq"),
        _split("SAS SARL"),
    ),
    Culture(
        "AE",
        0.07,
        (
            ("ليلى", "layla"),
            ("محمد", "mohammed"),
            ("فاطمة", "fatima"),
            ("خالد", "khalid"),
            ("عبد الرحمن", "abdulrahman"),
            ("نورة", "noura"),
            "Amira",
            "Yousef",
            "Hessa",
        ),
        (
            ("الحداد", "alhaddad"),
            ("المنصوري", "almansoori"),
            ("بن راشد", "binrashid"),
            ("القحطاني", "alqahtani"),
            "Al-Farsi",
            "Haddad",
            "El Mahdi",
        ),
        _split("FZE LLC"),
    ),
    Culture(
        "PL",
        0.06,
        _split("Małgorzata Zbigniew Agnieszka Łukasz Świętosława Grzegorz"),
        _split("Wiśniewska Brzęczyszczykiewicz Dąbrowski Żółkiewska Kowal Łoś"),
        ("Sp. z o.o.", "S.A."),
    ),
    Culture(
        "BR",
        0.06,
        _split("João Maria_Fernanda Thaís Antônio_Carlos Conceição Luís"),
        _split("Gonçalves de_Albuquerque_Cavalcanti_de_Souza_e_Silva Araújo Magalhães da_Conceição_Ferreira Guimarães"),
        _split("Ltda. S.A."),
    ),
    Culture(
        "IN",
        0.06,
        _split("Ananya Venkatanarasimharajuvaripeta Rohan Lakshmi Arjun Meenakshi"),
        _split("Iyer Chattopadhyay Krishnamurthy Patel Subramaniam Deshpande"),
        _split("Pvt_Ltd LLP"),
    ),
    Culture(
        "SE",
        0.05,
        _split("Åsa Björn Linnéa Göran Märta Søren"),
        _split("Öberg Sjöström Ångström Lindqvist Hägglund Nørgaard"),
        _split("AB A/S"),
    ),
    Culture(
        "JP",
        0.04,
        (("陽菜", "hina"), ("健一", "kenichi"), ("さくら", "sakura"), ("大輔", "daisuke")),
        (("佐藤", "sato"), ("山本", "yamamoto"), ("小林", "kobayashi"), ("渡辺", "watanabe")),
        _split("K.K. G.K."),
        family_first=True,
    ),
    Culture(
        "NG",
        0.03,
        _split("Chukwuemeka Ngozi Olúwaṣeun Adaeze Babátúndé"),
        _split("Okafor Adébáyọ̀ Eze Onyekachi-Williams Balogun"),
        _split("Ltd PLC"),
    ),
)

FIRM_ROOTS = _split(
    "Nordwind Alderbrook Kestrel Bluepeak Hollowfield Sundermann Veldhoven Crestline Marisol Ostrava Tamarind Juniper "
    "Falkenried Greywater Halvorsen Ironbridge Lumen Quillon Rosewood Silverpine Tarnhelm Umbra Whitehaven Yarrow "
    "Zephyr Amberline Birchway Copperleaf Dunmore Eastgate Fernhill Goldcrest Hartwell Inverlea Kingsmoor Larchfield "
    "Meridian Oakhurst Pinecrest Ravenna Stonebridge Thornbury Valencia Wexford Ashcombe Brightsea Clearford Driftwood"
)
FIRM_TRADES = _split(
    "Logistics Dental_Care Robotics Foods Textiles Energy Optics Packaging Hospitality Software Machinery Clinics "
    "Insurance Retail Building_Supplies Printing Chemicals Travel Media Furniture"
)

SENIOR_TITLES = _split(
    "Chief_Executive_Officer Head_of_Operations VP_Sales Managing_Director Chief_Financial_Officer "
    "Director_of_Procurement Owner"
)
OTHER_TITLES = _split(
    "Operations_Manager Project_Manager Office_Manager Team_Lead Purchasing_Assistant IT_Administrator "
    "Marketing_Specialist Student Consultant Business_Analyst"
)
