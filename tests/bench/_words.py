"""Words of which the generated programme of `_programme` is made."""

from __future__ import annotations

SYLLABLES = (
    "bra bro dal den dri el fen gor hal ing jor kar lam len mar mol nes noor ol pas rik ros sel sten "
    "tam ter tin ul van ver vin wol zan zil"
).split()
NOUNS = (
    "kade zolder trap brug haven winter zomer nacht ochtend spiegel kamer regen vuur stilte tuin weg "
    "grens vlucht storm kermis erfenis buurman keizer zuster vlinder wolf kraai tijger molen trein"
).split()
ADJECTIVES = (
    "stille laatste verloren rode hoge vergeten gouden scheve nieuwe warme holle blinde kleine".split()
)
ENGLISH = {"nacht": "night", "tuin": "garden", "winter": "winter", "zomer": "summer", "brug": "bridge"}
CRAFTS = "linosnede keramiek zeefdruk vilten solderen mozaïek portrettekenen boekbinden weven etsen".split()
THEMES = (
    "bijen textiel sterren heide vulkanen kloosters robots zout spoorwegen dialect venen kastelen".split()
)
AGAIN = (
    "Taalcafé", "Repair Café", "Open Podium", "Voorleesuurtje", "Breicafé", "Bingo", "Jamsessie",
    "Inloopochtend", "Eetcafé", "Spelletjesmiddag", "Koffieconcert", "Schaakavond", "Wandelgroep",
    "Dansmiddag", "Filmcafé", "Zangcafé", "Weekmarkt",
)  # fmt: skip
NOTICES = ("UITVERKOCHT: ", "LAATSTE KAARTEN | ", "[verplaatst] ", "Try-out: ", "NIEUW! ")
FOOTERS = (
    "Kaarten zijn verkrijgbaar via de website.", "Bekijk ook de andere activiteiten in onze agenda.",
    "Wijzigingen voorbehouden.", "Inclusief garderobe en pauzedrankje.",
)  # fmt: skip
TEXTS = (
    "{a} staat met {s} voor het eerst op dit podium.", "Een avond van {a}, over {n} en {m}.",
    "Met {s} maakt {a} een voorstelling vol {n}.", "{a} brengt {s}: {m}, {n} en veel muziek.",
)  # fmt: skip
TOWNS = "Almsel Borkel Dinxen Eibert Geestel Haksen Lonker Oldenveen Reutel Tubbeek Vriezel Wierloo".split()
