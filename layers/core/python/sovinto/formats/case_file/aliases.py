"""What clients call their columns, in English, Finnish, Swedish, Norwegian, Danish and German.

Compared without case, accents, blanks and signs. `SURE` names always count; `FALLBACK` names count
only where the file has no sure name for the same field.
"""

from __future__ import annotations

from collections.abc import Mapping

REQUIRED = ("reference", "debtor_type", "name", "due_date", "principal")

SURE: Mapping[str, str] = {
    "reference": (
        "reference, ref, client reference, our reference, case reference, claim reference, "
        "case number, viite, viitteemme, viitetunnus, toimeksiantajan viite, saatavan viite, "
        "tapausnumero, referens, vår referens, ärendenummer, referanse, vår referanse, "
        "saksnummer, sagsnummer, referenz, aktenzeichen, unser zeichen"
    ),
    "debtor_type": (
        "debtor type, customer type, type of debtor, type, velallistyyppi, velallisen tyyppi, "
        "asiakastyyppi, tyyppi, gäldenärstyp, kundtyp, typ, skyldnertype, kundetype, "
        "debitortype, schuldnerart, schuldnertyp, kundenart, kundentyp"
    ),
    "name": (
        "name, debtor, debtor name, name of debtor, customer name, full name, nimi, "
        "velallinen, velallisen nimi, asiakkaan nimi, asiakasnimi, namn, gäldenär, "
        "gäldenärens namn, kundnamn, navn, skyldner, debitor, skyldners navn, kundenavn, "
        "debitornavn, schuldner, schuldnername, kundenname, firma oder name"
    ),
    "first_name": "first name, given name, etunimi, förnamn, fornavn, vorname",
    "last_name": "last name, surname, family name, sukunimi, efternamn, etternavn, efternavn, nachname",
    "registration_id": (
        "registration id, registration number, company number, company id, business id, "
        "organisation number, y-tunnus, ytunnus, yritystunnus, organisationsnummer, org nr, "
        "orgnr, org.nummer, fo-nummer, organisasjonsnummer, cvr, cvr-nummer, cvr-nr, "
        "handelsregisternummer, hrb, registerikood"
    ),
    "street": (
        "street, street address, address, address line 1, postal address, katuosoite, "
        "lähiosoite, osoite, postiosoite, gatuadress, adress, utdelningsadress, gateadresse, "
        "adresse, postadresse, vejnavn, straße, strasse, anschrift, straße und hausnummer"
    ),
    "postal_code": (
        "postal code, post code, postcode, zip, zip code, postinumero, postinro, postnummer, "
        "postnr, postleitzahl, plz"
    ),
    "city": (
        "city, town, post town, postitoimipaikka, paikkakunta, kaupunki, ort, postort, stad, "
        "poststed, sted, by, wohnort, stadt"
    ),
    "postal_place": (
        "postal code and city, postinumero ja postitoimipaikka, postinumero ja -toimipaikka, "
        "postnummer och ort, postnummer og sted, plz und ort, plz ort"
    ),
    "country": "country, country code, maa, maakoodi, land, landskod, landkode, länderkennzeichen",
    "language": (
        "language, language code, kieli, kielikoodi, asiointikieli, språk, språkkod, sprog, sprache"
    ),
    "email": (
        "email, e-mail, email address, e-mail address, sähköposti, sähköpostiosoite, e-post, "
        "epost, e-postadress, e-postadresse, e-mailadresse, mail"
    ),
    "phone": (
        "mobile, mobile phone, mobile number, cell phone, matkapuhelin, matkapuhelinnumero, "
        "gsm, mobil, mobilnummer, mobiltelefon, mobilnr, handynummer"
    ),
    "invoice_number": (
        "invoice number, invoice no, invoice nr, invoice id, invoice, laskun numero, "
        "laskunumero, laskunro, laskun nro, fakturanummer, fakturanr, faktura nr, "
        "rechnungsnummer, rechnungsnr, rechnung nr"
    ),
    "invoice_date": (
        "invoice date, invoiced on, laskupäivä, laskun päivä, laskun päiväys, laskun pvm, "
        "laskupvm, fakturadatum, fakturadato, rechnungsdatum"
    ),
    "due_date": (
        "due date, due on, due, date due, payment due date, eräpäivä, eräpvm, erääntyy, "
        "förfallodatum, förfallodag, förfaller, forfallsdato, forfall, forfaldsdato, "
        "fälligkeit, fälligkeitsdatum, fällig am"
    ),
    "principal": (
        "principal, open amount, amount due, outstanding, outstanding amount, open balance, "
        "pääoma, avoin pääoma, saatava, avoin summa, avoinna, kapital, kapitalbelopp, "
        "restbelopp, öppet belopp, hovedstol, restbeløp, utestående, restance, "
        "hauptforderung, offener betrag, offen"
    ),
    "currency": (
        "currency, currency code, valuutta, valuuttakoodi, valuta, valutakod, valutakode, währung"
    ),
    "text": (
        "text, description, subject, details, selite, kuvaus, lisätieto, lisätiedot, aihe, "
        "beskrivning, avser, beskrivelse, beschreibung, betreff"
    ),
    "electronic_consent": (
        "electronic consent, consent, e-consent, email consent, sähköinen suostumus, "
        "suostumus, elektroniskt samtycke, samtycke, elektronisk samtykke, samtykke, "
        "einwilligung, elektronische einwilligung"
    ),
}

FALLBACK: Mapping[str, str] = {
    "reference": "viitenumero, referensnummer, referansenummer, reference number",
    "name": ("customer, client, asiakas, kund, kunde, company, company name, yritys, firma, företag"),
    "registration_id": "vat number, vat id, alv-numero, momsnummer",
    "phone": (
        "phone, phone number, telephone, tel, puhelin, puhelinnumero, puh, telefon, telefonnummer, tlf"
    ),
    "principal": (
        "amount, invoice amount, total, total amount, sum, summa, laskun summa, loppusumma, "
        "laskutettu, belopp, fakturabelopp, beløp, fakturabeløp, beløb, betrag, "
        "rechnungsbetrag"
    ),
    "text": "message, viesti, meddelande, melding, notes, note, huomautus",
}
