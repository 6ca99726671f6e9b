"""The payment page's words. They are put into HTML as they stand: no characters to escape."""

from __future__ import annotations

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Card payment",
        "notice": "This is a test page. No real money moves and no real card works here.",
        "amount_label": "To pay",
        "card_label": "Card number",
        "hint": "Pays: 4242 4242 4242 4242. Declined: 4000 0000 0000 0002. Paid, then charged back:"
        " 4000 0000 0000 0259.",
        "pay": "Pay",
        "cancel": "Cancel and go back",
        "declined": "The card was declined. Nothing was charged; try another card.",
        "not_a_test_card": "This is not a test card. Use one of the numbers below the field.",
        "is_paid": "This payment has been made",
        "is_expired": "This payment page has expired",
        "go_back": "Go back",
    },
    "fi": {
        "title": "Korttimaksu",
        "notice": "Tämä on testisivu. Oikeaa rahaa ei liiku, eikä oikea kortti kelpaa.",
        "amount_label": "Maksettavaa",
        "card_label": "Kortin numero",
        "hint": "Onnistuu: 4242 4242 4242 4242. Hylätään: 4000 0000 0000 0002. Onnistuu, mutta"
        " palautetaan: 4000 0000 0000 0259.",
        "pay": "Maksa",
        "cancel": "Peruuta ja palaa",
        "declined": "Kortti hylättiin. Mitään ei veloitettu; kokeile toista korttia.",
        "not_a_test_card": "Tämä ei ole testikortti. Käytä kentän alla olevaa numeroa.",
        "is_paid": "Tämä maksu on maksettu",
        "is_expired": "Tämä maksusivu on vanhentunut",
        "go_back": "Palaa",
    },
    "sv": {
        "title": "Kortbetalning",
        "notice": "Det här är en testsida. Inga riktiga pengar flyttas och inget riktigt kort fungerar.",
        "amount_label": "Att betala",
        "card_label": "Kortnummer",
        "hint": "Går igenom: 4242 4242 4242 4242. Nekas: 4000 0000 0000 0002. Betalas men återkrävs:"
        " 4000 0000 0000 0259.",
        "pay": "Betala",
        "cancel": "Avbryt och gå tillbaka",
        "declined": "Kortet nekades. Inget debiterades; försök med ett annat kort.",
        "not_a_test_card": "Det här är inte ett testkort. Använd ett av numren under fältet.",
        "is_paid": "Betalningen är gjord",
        "is_expired": "Betalsidan har gått ut",
        "go_back": "Gå tillbaka",
    },
}
