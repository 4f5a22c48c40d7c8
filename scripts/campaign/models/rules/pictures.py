"""Pictures, photos and drawings."""

from __future__ import annotations

from campaign.models.rules.rule import Rule, note, stop

ROWS: tuple[Rule, ...] = (
    note(
        "photo-metadata",
        "Phones write position, day, camera and serial number into photos. assets/photos/ is copied, packed and pushed "
        "to hosts.",
        "assets/photos/market.jpg, straight from a phone",
        "the same photo after `campaign tidy`",
    ),
    note(
        "photo-uncovered",
        "Pictures made from the photo are painted over, but the file itself travels with the campaign's folder.",
        "redact: [{left: 40, top: 20, right: 50, bottom: 35}], and a face in assets/photos/market.jpg",
        "the face is covered in the file too; its original is in originals/",
    ),
    stop(
        "original-exposed",
        "Whoever gets the folder, or reads the repository, would see the faces that are painted over.",
        "originals/market.jpg, added to git by force",
        "originals/ with its own .gitignore, as `campaign tidy` makes it",
    ),
    stop(
        "image-missing",
        "Readers would see an empty frame.",
        "![A well](wel.png)",
        "![A well](well.png)",
    ),
    stop(
        "image-outside",
        "A picture from elsewhere tells that site who reads yours, and is gone when it is. Ours stand beside the page.",
        "![A well](https://example.org/well.png)",
        "![A well](well.png)",
    ),
    stop(
        "image-kind",
        "Browsers show only some kinds of pictures, whatever the file's name says.",
        "a PDF that is named well.png",
        "well.png, exported as PNG",
    ),
    stop(
        "image-damaged",
        "A file that broke on its way shows a grey or shifted half, or nothing.",
        "a photo that was cut off while it was sent",
        "the same photo, sent again",
    ),
    stop(
        "image-tiny",
        "A dot that counts visitors elsewhere, or the rest of a picture: readers see nothing.",
        "map.png of 1 × 1 pixels",
        "map.png as it was drawn",
    ),
    stop(
        "image-large",
        "So many pixels need more memory than most computers have, and no screen or paper shows them.",
        "a scan of 30,000 × 20,000 pixels",
        "the same scan, 4,000 pixels wide",
    ),
    stop(
        "image-colours",
        "Colours of this kind look wrong, or inverted, in browsers.",
        "a CMYK file without a profile",
        "the same picture, saved in RGB",
    ),
    stop(
        "image-shape",
        "A picture a hundred times as long as wide cannot be saved in every kind that phones need.",
        "a strip of 9,000 × 10 pixels",
        "a picture of 900 × 600 pixels",
    ),
    stop(
        "image-heavy",
        "An old phone, or a message, takes only so many bytes; even at its smallest this picture has more.",
        "mms: {most_bytes: 2000}",
        "mms: {most_bytes: 60000}",
    ),
    stop(
        "photo-among-pages",
        "A photo shows somebody. It is published only where it is said who took it and who agreed to it.",
        "![A market](market.jpg), beside the page",
        "assets/photos/market.jpg and market.yml, shown by {{ photo name=market }}",
    ),
    stop(
        "photo-not-one",
        "In this folder everything is published as a photo.",
        "assets/photos/list.docx",
        "assets/photos/market.jpg",
    ),
    stop(
        "photo-undocumented",
        "Nobody can tell any more who took it and whether those whom it shows agreed. So it is not published.",
        "assets/photos/market.jpg alone",
        "market.yml beside it, with credit, licence and consent",
    ),
    stop(
        "photo-month",
        "A day can tell where somebody was; a month is enough.",
        "taken: 2026-05-14",
        "taken: 2026-05",
    ),
    stop(
        "consent-missing",
        "People whom a photo shows have agreed to it, or it is not published: it may put them in danger.",
        "a photo without consent",
        'consent: {form: "Office, folder 7", scope: [site], until: 2030-12-31}; or shows: nobody',
    ),
    stop(
        "consent-contradicted",
        "Either nobody is shown, or somebody agreed. One of the two is wrong, and a person may be at stake.",
        "shows: nobody, with consent: ...",
        "shows: nobody",
    ),
    stop(
        "consent-no-end",
        "Nobody agrees for ever: whoever agreed has to be asked again some day.",
        "consent: {form: Office, scope: [site]}",
        "until: 2030-12-31",
    ),
    stop(
        "consent-no-scope",
        "Somebody who agreed to the website has not agreed to newspapers.",
        "consent: {form: Office, until: 2030-12-31}",
        "scope: [site, press]",
    ),
    stop(
        "consent-ended",
        "Those whom the photo shows agreed until this day, and not longer.",
        "until: 2025-12-31",
        "until: 2030-12-31, after they were asked again",
    ),
    stop(
        "region-wrong",
        "What is painted over hides a face or a number plate. With a slip in it, nothing would be hidden; so "
        "all of the picture is.",
        "redact: [{left: 40, top: 20, right: 10, bottom: 30}]",
        "redact: [{left: 10, top: 20, right: 40, bottom: 30}]",
    ),
    stop(
        "photo-no-words",
        "People who cannot see a photo hear its words, and a photo without a caption says little to anybody.",
        "market.jpg, and no lines in docs/en/_photos.yml",
        "market: {caption: The market, alt: Women sell vegetables under blue roofs}",
    ),
    note(
        "photo-words-untranslated",
        "In this language the photo's words stand in the source language, which its readers may not know.",
        "docs/pt/_photos.yml without market",
        "market: {caption: O mercado, alt: Mulheres vendem legumes}",
    ),
    stop(
        "photo-not-for-pages",
        "It may go where its consent says, and pages are not among that.",
        "{{ photo name=market }}, with scope: [press]",
        "scope: [press, site], if they agreed to it",
    ),
    note(
        "photo-small",
        "A newspaper or a print shop needs more dots than this photo has; made larger, it would be blurred.",
        "market.jpg of 800 × 600 pixels, as a chat sent it",
        "market.jpg of 4,000 × 3,000 pixels, as the camera wrote it",
    ),
    stop(
        "caption-no-photo",
        "A slip in the name: these words would stand below no photo.",
        "markt: {caption: The market, alt: ...}",
        "market: {caption: The market, alt: ...}",
    ),
    stop(
        "licence-unknown",
        "Others may use a work as its licence says. One that does not exist allows nothing.",
        "licence: CC-BY-5.0",
        "licence: CC-BY-4.0",
    ),
    stop(
        "art-missing",
        "A poster without its drawing would be an empty sheet.",
        "options: {art: ask-frist}",
        "options: {art: ask-first}",
    ),
    stop(
        "art-uncredited",
        "Whoever drew it is named on every print, and the licence says who else may use it.",
        "assets/posters/ask-first/ without poster.yml",
        "poster.yml with credit: Ana José and licence: CC-BY-4.0",
    ),
    stop(
        "art-photo",
        "Whoever is shown agreed to one photo, for some uses, with some of it painted over; the poster holds a copy.",
        "a poster with a photo that was taken away, or painted over since",
        "another picture in the poster, or that photo put in again",
    ),
    stop(
        "drawing-broken",
        "It is no drawing that can be read, so no print can be made of it.",
        "art.svg that is a renamed PNG",
        "art.svg, saved as plain SVG",
    ),
    stop(
        "drawing-large",
        "A drawing of more than 4 MB holds photos, or thousands of points that nobody sees.",
        "art.svg of 12 MB",
        "art.svg of 300 KB, its paths simplified",
    ),
    stop(
        "drawing-picture",
        "A damaged picture stops the print; one with more points than any printer shows fills the memory.",
        "art.svg with a photo of 120 million pixels in it",
        "art.svg with the same photo, 3,000 pixels wide",
    ),
    stop(
        "drawing-no-viewbox",
        "Without it nobody can tell how large the drawing is, nor where its edges lie.",
        '<svg width="100%">',
        '<svg viewBox="-5 -5 307 430">',
    ),
    stop(
        "drawing-unsafe",
        "Scripts, and entities, can run or read files wherever the drawing is opened.",
        "<script> in art.svg",
        "art.svg without it, saved as plain SVG",
    ),
    stop(
        "drawing-linked",
        "What lies in another file is missing in the print, and asks another site on the web.",
        '<image href="photo.jpg">',
        "the photo embedded in art.svg, or left out",
    ),
    stop(
        "drawing-text",
        "Words in a drawing stay in one language, in whatever font a computer has.",
        "<text>Ask first</text>",
        "a slot that each language fills, or paths",
    ),
    stop(
        "drawing-lost",
        "A shape whose gradient or pattern is gone is drawn on a screen by some programs, and by no press.",
        'fill="url(#sky)" in a drawing without <linearGradient id="sky">',
        'fill="#bddcdb", or the gradient put back',
    ),
    note(
        "drawing-hides",
        "Whoever opens the drawing finds what was to stay hidden. Pictures that a rectangle crops or covers are cut "
        "when they are published; other shapes, masks and patterns may leave a part of them in the file.",
        "a photo in art.svg, with a circle as its clip or a scribble over a face",
        "the photo cropped, and the face covered in it, before it is embedded",
    ),
    note(
        "drawing-style",
        "Drawings are written anew with plain attributes. A style that isn't understood is lost, and a layer that it "
        "hides would be shown.",
        "<style>g:nth-child(2) { display: none }</style> in art.svg",
        '<g display="none">, or the layer deleted',
    ),
    stop(
        "drawing-not-printable",
        "It cannot be drawn, or taken apart into inks: most often because of effects such as masks and blurs.",
        "art.svg with a blurred shadow",
        "art.svg with plain fills",
    ),
    stop(
        "slot-turned",
        "Words are set into an upright rectangle of known size.",
        '<rect id="slot-words"> in a layer that is turned',
        '<rect id="slot-words" x="10" y="20" width="200" height="60"> in a layer that is not',
    ),
    stop(
        "slot-missing",
        "Words without a slot in the drawing have no place, and would be lost.",
        "art.svg without slot-words",
        '<rect id="slot-words" data-role="words"/>',
    ),
    stop(
        "message-no-picture",
        "Nobody can send a text with a picture that is not there; most likely its name has a slip.",
        "know-the-sings: {post: ...}",
        "know-the-signs: {post: ...}",
    ),
    stop(
        "message-braces",
        "What stands in braces is replaced, as the number is. Anything else would be sent as it stands.",
        'sms: "Call {phone}"',
        'sms: "Call {number}"',
    ),
    note(
        "sms-long",
        "A short message holds 160 letters, 70 where one letter is not of the telephones' own alphabet (GSM 03.38). "
        "What is longer is sent and paid for in parts, which old phones show apart.",
        'sms: "Ema promete saláriu boot ..." of 90 letters, with an á',
        "the same in 70 letters, or without accents as plain:",
    ),
    stop(
        "sms-not-plain",
        "One letter with an accent makes the whole message hold 70 letters instead of 160.",
        'plain: "Não assine"',
        'plain: "Nao assine"',
    ),
    note(
        "sms-plain-unapproved",
        "Without its accent a word may be another one. What is sent to thousands has been read by somebody.",
        'plain: "Nao assine", without approved:',
        "approved: {by: Ana José, on: 2026-11-25}",
    ),
    stop(
        "partner-missing",
        "A partner whose mark is left out notices; and a mark of which nothing is known may not be used.",
        "partners: [health], without assets/partners/health.svg",
        "assets/partners/health.svg and health.yml (name, credit, licence)",
    ),
    stop(
        "partner-unreadable",
        "A mark stands in a row with others by its shape, so it has to say what that is.",
        "an SVG without viewBox, or a JPEG that is called health.png",
        "an SVG with a viewBox",
    ),
    note(
        "partner-small",
        "A mark of few pixels looks torn on a poster, and partners mind.",
        "health.png, 120 pixels wide",
        "health.svg",
    ),
)
