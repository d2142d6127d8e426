"""The fixed background: words that tell little about which event it is, in Dutch, English and German."""

from __future__ import annotations

# Words of every sentence, of every agenda, of every ticket shop; days, months, states of an event.
EMPTY = frozenset(
    """
    de het een der den des die dat dit deze en of maar want als dan toen met zonder van voor naar in op
    te ter ten tot aan bij door over om uit onder tussen tegen na tijdens sinds langs per via rond vanaf
    binnen buiten boven er is zijn was waren wordt worden werd ben bent heeft hebben had kan kunnen kun
    mag mogen moet moeten zal zullen wil willen gaat gaan komt komen doet doen maakt staat staan krijgt
    ook nog al wel niet geen meer zo heel veel weer hier daar waar wie wat hoe alle alles iedereen iemand
    elk elke ieder iedere zelf samen ons onze wij we jij je jouw uw u zij ze hij hem haar hun ik mij mijn
    men zich eigen the a an and or to on at for with from by are be this that it its you your our us will
    can all das ein eine einen einem einer und oder mit von fur zu zum zur im am auf aus bei nach uber
    ist sind wird la le les el los du et live uitverkocht geannuleerd afgelast verplaatst uitgesteld
    verhuisd gecanceld volgeboekt vol bijna laatste kaarten kaart kaartje tickets ticket karten
    wachtlijst nieuw nieuwe new extra gratis vrij toegang toegankelijk try out tryout premiere
    voorpremiere reprise seizoen theaterseizoen editie jaargang sold cancelled canceled postponed
    rescheduled moved locatiewijziging ausverkauft abgesagt verlegt update let attentie gewijzigd nu
    presenteert presents speelt spelen zingt zingen brengt vertelt olv ovb ism mmv o l v m i s b feat ft
    featuring support voorprogramma opener openingsact headliner special guest guests gast gasten aanvang
    uur start begint einde deuren open doors maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    ma di wo do vr za maandagavond dinsdagavond woensdagavond donderdagavond vrijdagavond zaterdagavond
    zondagmiddag zaterdagmiddag zondagochtend monday tuesday wednesday thursday friday saturday sunday
    montag dienstag mittwoch donnerstag freitag samstag sonntag januari februari maart april mei juni
    juli augustus september oktober november december jan feb mrt apr jun jul aug sep sept okt nov dec
    january february march may june july october maerz dezember vandaag morgen overmorgen today tomorrow
    heute avond middag ochtend nacht dag dagen week weken maand jaar jaren avonden middagen weekend
    eerste tweede derde vierde vijfde locatie adres zaal zalen grote kleine gemeente centrum binnenstad
    regio omgeving plaats hal informatie info website site pagina agenda uitagenda uittips tips tip kijk
    lees bekijk raadpleeg actuele wijzigingen voorbehouden organisatie organisator programma aanmelden
    aanmelding inschrijven reserveren bestel bestellen verkoop verkocht verkrijgbaar koop prijs prijzen
    exclusief inclusief transactiekosten kosten entree euro leden plan overnachting dagje activiteit
    activiteiten formulier meld balie welkom geldig verplicht horeca parkeren pauze duur minuten openbaar
    vervoer ringleiding aanwezig leeftijd vooraf afloop namens genoemde tijd openingstijd veilig snel
    telefoon mail e nl www com org http https html
    early late vroege vroeg latere avondshow middagshow avondvoorstelling middagvoorstelling matinee
    avondconcert spatvorstellung 2d 3d imax ov omu originele versie ondertiteld ondertiteling subs
    nagesynchroniseerd gesproken prikkelarm prikkelarme tolk gebarentaal gebarentolk
    """.split()
)

# Activities that come again with the same content, as a formula; a concert or a lecture is another each time.
AGAIN = frozenset(
    """
    repair repaircafe taalcafe praatcafe eetcafe cafe inloop inloopspreekuur spreekuur open podium mic jam
    jamsessie sessie karaoke bingo disco voorlezen voorleesuur voorleesuurtje breicafe handwerkcafe
    spelletjesmiddag spelletjesavond weekmarkt markt salsa tango wandeling rondleiding stadswandeling
    """.split()
)

# Kinds of event, of act, of place and public: shared by many events, so they tell little.
GENERAL = frozenset(
    """
    concert concerten muziek show shows tour tournee clubtour theatertour festival feest party fuif
    avondje voorstelling voorstellingen theater theatervoorstelling toneel toneelstuk toneelgroep
    toneelvereniging toneelclub theatergroep muziektheater jeugdtheater familievoorstelling
    schoolvoorstelling poppentheater musical revue opera operette ballet dans dansvoorstelling cabaret
    cabaretier comedy stand up kleinkunst conference lezing lezingen college debat gesprek talk talkshow
    interview film films documentaire filmavond bioscoop screening voorfilm tentoonstelling expositie
    expo exposities exhibition opening vernissage finissage galerie kunst art kunstroute atelier workshop
    workshops cursus les lessen masterclass proefles training bijeenkomst inloop inloopspreekuur
    spreekuur cafe repair repaircafe taalcafe eetcafe praatcafe bingo quiz pubquiz muziekquiz disco
    kinderdisco karaoke jam jamsessie sessie session open podium mic night markt braderie kermis
    rommelmarkt vlooienmarkt kerstmarkt weihnachtsmarkt boekenmarkt streekmarkt lentemarkt herfstmarkt
    fair beurs intocht optocht parade corso processie wandeling wandelen wandeltocht stadswandeling
    rondleiding rondwandeling gids fietstocht excursie speurtocht route tocht vaartocht ronde dorpsfeest
    schuttersfeest volksfeest oogstfeest buurtfeest zomerfeest straatfeest kinderfeest koningsdag
    koningsnacht bevrijdingsdag dodenherdenking herdenking viering dienst kerstconcert nieuwjaarsconcert
    voorjaarsconcert najaarsconcert zomerconcert lunchconcert koffieconcert orgelconcert benefietconcert
    jubileumconcert paasconcert galaconcert huiskamerconcert recital orgel piano kerst kerstmis kersttijd
    pasen paas sinterklaas sint halloween carnaval carnavals oud nieuwjaar valentijn valentijns zomer
    zomers winter lente voorjaar herfst najaar vakantie herfstvakantie kerstvakantie voorjaarsvakantie
    meivakantie zomervakantie koor koren zangkoor kamerkoor mannenkoor vrouwenkoor gemengd popkoor
    shantykoor kinderkoor gospelkoor oratorium orkest symfonieorkest harmonie fanfare brassband bigband
    muziekvereniging muziekkorps ensemble kwartet trio duo band bands coverband zanger zangeres dj djs
    solist dirigent jazz blues rock pop metal punk folk country soul funk reggae hiphop klassiek
    klassieke techno house dance kinderen kind kids kinder jeugd jongeren tieners volwassenen ouderen
    senioren familie gezin peuters kleuters baby mannen vrouwen nederlandse nederlands duitse engels
    engelse twentse twents tukker bibliotheek bieb museum kerk poppodium schouwburg cultureel
    cultuur cultuurhuis dorpshuis wijkcentrum buurthuis sporthal park plein kasteel landgoed huis
    filmhuis filmtheater openluchttheater bezoekerscentrum natuurmuseum natuur historisch historische
    vereniging stichting club groot gala release releaseshow cd ep album presentatie boek boekpresentatie
    auteur schrijver schrijfster tribute eerbetoon hommage ode best hits greatest jubileum finale halve
    voorronde wedstrijd toernooi demo publieksavond thema themaavond reis wereld verhaal verhalen
    verteller leven liefde
    besloten feestje onderwijs primair basisonderwijs voortgezet educatie educatief scholen
    tijd liedjes lied liederen stemmen stad dorp buurt wijk straat
    """.split()
)

# What compounds are made of.
PARTS = (
    frozenset(w for w in GENERAL if len(w) > 2)
    | frozenset(
        """
    avond middag ochtend nacht dag week weekend zondag zaterdag vrijdag konings bevrijdings dorps buurt
    zomer winter lente herfst kerst nieuwjaars voorjaars najaars oudejaars paas kinder jeugd familie
    school straat stads stad boeken boek muziek film kunst theater dans poppen vertel voorlees lees taal
    spel speel spelletjes knutsel handwerk brei naai schilder teken kook eet bak proef bier wijn wandel
    fiets vaar natuur open vrij markt huis tuin dieren honden fotografie foto spreek uur uurtje cafe
    huiskamer kroegen pub quiz jam sessie ronde toer lampion lichtjes licht vuur rommel vlooien streek
    oogst schutters schuttersfeest carnavals rock pop jazz blues piraten polka country
    """.split()
    )
) - {"de", "en"}

# Words of events in English, German, older and regional spelling, as the Dutch word.
MEANING = {
    "evening": "avond",
    "abend": "avond",
    "night": "nacht",
    "afternoon": "middag",
    "nachmittag": "middag",
    "day": "dag",
    "tag": "dag",
    "konzert": "concert",
    "concerto": "concert",
    "recital": "concert",
    "music": "muziek",
    "musik": "muziek",
    "exhibition": "tentoonstelling",
    "expositie": "tentoonstelling",
    "expo": "tentoonstelling",
    "ausstellung": "tentoonstelling",
    "guided": "rondleiding",
    "tour": "tour",
    "fuhrung": "rondleiding",
    "walk": "wandeling",
    "spaziergang": "wandeling",
    "wanderung": "wandeling",
    "lecture": "lezing",
    "vortrag": "lezing",
    "market": "markt",
    "fair": "markt",
    "christmas": "kerst",
    "xmas": "kerst",
    "weihnachten": "kerst",
    "weihnachts": "kerst",
    "weihnachtsmarkt": "kerstmarkt",
    "valentine": "valentijn",
    "valentines": "valentijn",
    "valentins": "valentijns",
    "easter": "pasen",
    "ostern": "pasen",
    "summer": "zomer",
    "sommer": "zomer",
    "autumn": "herfst",
    "herbst": "herfst",
    "spring": "lente",
    "fruhling": "lente",
    "children": "kinderen",
    "kids": "kinderen",
    "kinder": "kinderen",
    "choir": "koor",
    "chor": "koor",
    "orchestra": "orkest",
    "orchester": "orkest",
    "symphony": "symfonie",
    "sinfonie": "symfonie",
    "play": "toneel",
    "dance": "dans",
    "tanz": "dans",
    "library": "bibliotheek",
    "bieb": "bibliotheek",
    "bibliothek": "bibliotheek",
    "church": "kerk",
    "kirche": "kerk",
    "castle": "kasteel",
    "schloss": "kasteel",
    "beginner": "beginners",
    "book": "boek",
    "story": "verhaal",
    "stars": "sterren",
    "sterne": "sterren",
    "moon": "maan",
    "mond": "maan",
    "light": "licht",
    "winter": "winter",
    "garden": "tuin",
    "garten": "tuin",
    "opening": "opening",
    "eroffnung": "opening",
    "school": "school",
    "schule": "school",
    "journey": "reis",
    "reise": "reis",
    "world": "wereld",
    "welt": "wereld",
    "love": "liefde",
    "liebe": "liefde",
    "life": "leven",
    "open": "open",
}
