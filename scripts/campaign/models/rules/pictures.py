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
        "Everyone who gets the folder or reads the repository would see the covered faces.",
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
        "A picture on another website tells that website who reads yours, and may disappear. Put it next to the page.",
        "![A well](https://example.org/well.png)",
        "![A well](well.png)",
    ),
    stop(
        "image-kind",
        "Browsers only show some kinds of pictures, whatever the file is called.",
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
        "This is a tracking pixel or the rest of a picture: readers see nothing.",
        "map.png of 1 × 1 pixels",
        "the original map.png",
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
        "Old phones and messages have a size limit, and even the smallest version of this picture exceeds it.",
        "mms: {most_bytes: 2000}",
        "mms: {most_bytes: 60000}",
    ),
    stop(
        "photo-among-pages",
        "A photo may show someone. It is only published with the name of its photographer and the consent of "
        "those it shows.",
        "![A market](market.jpg), next to the page",
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
        "Without its record, no one can tell who took the photo and whether those it shows agreed. So it isn't "
        "published.",
        "assets/photos/market.jpg without market.yml",
        "market.yml next to it, with credit, licence and consent",
    ),
    stop(
        "photo-month",
        "A day can reveal where someone was; a month is enough.",
        "taken: 2026-05-14",
        "taken: 2026-05",
    ),
    stop(
        "consent-missing",
        "A photo can put the people it shows in danger. It is only published if they agreed.",
        "a photo without consent",
        'consent: {form: "Office, folder 7", scope: [site], until: 2030-12-31}; or shows: nobody',
    ),
    stop(
        "consent-contradicted",
        "Either the photo shows no one, or someone agreed. One of the two is wrong, and a person may be at risk.",
        "shows: nobody, with consent: ...",
        "shows: nobody",
    ),
    stop(
        "consent-no-end",
        "Consent doesn't last for ever: people must be asked again some day.",
        "consent: {form: Office, scope: [site]}",
        "until: 2030-12-31",
    ),
    stop(
        "consent-no-scope",
        "Agreeing to the website isn't agreeing to newspapers.",
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
        "The region covers a face or a number plate. If it can't be read, nothing would be covered; so the whole "
        "picture is hidden.",
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
        "The photo's caption appears in the source language, which readers of this language may not know.",
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
        "The name is misspelt, so this caption belongs to no photo.",
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
        "Every print names the artist, and the licence says who else may use the drawing.",
        "assets/posters/ask-first/ without poster.yml",
        "poster.yml with credit: Ana José and licence: CC-BY-4.0",
    ),
    stop(
        "art-photo",
        "The people in the photo agreed to certain uses, with some regions covered. The poster contains a copy "
        "that no longer matches.",
        "a poster with a photo that was taken away, or painted over since",
        "another picture in the poster, or that photo put in again",
    ),
    stop(
        "drawing-broken",
        "This isn't a readable drawing, so no print can be made from it.",
        "art.svg that is a renamed PNG",
        "art.svg, saved as plain SVG",
    ),
    stop(
        "drawing-large",
        "A drawing over 4 MB contains photos, or thousands of points that no one sees.",
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
        "Without it, the size of the drawing and its edges are unknown.",
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
        "A linked file is missing in print, and is a request to another website on the web.",
        '<image href="photo.jpg">',
        "the photo embedded in art.svg, or left out",
    ),
    stop(
        "drawing-text",
        "Words in a drawing stay in one language, in any font the computer has.",
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
        "Anyone who opens the drawing can find what a shape hides. Pictures cropped or covered by rectangles are "
        "cut; other shapes may leave parts in the file.",
        "a photo in art.svg, with a circle as its clip or a scribble over a face",
        "the photo cropped, and the face covered in it, before it is embedded",
    ),
    note(
        "drawing-style",
        "Drawings are written again with plain attributes. A style that isn't understood is lost, and a layer it "
        "hides would appear.",
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
        "The text has no picture to go with; its name is probably misspelt.",
        "know-the-sings: {post: ...}",
        "know-the-signs: {post: ...}",
    ),
    stop(
        "message-braces",
        "Only known names in braces are replaced. Others would be sent as typed.",
        'sms: "Call {phone}"',
        'sms: "Call {number}"',
    ),
    note(
        "sms-long",
        "A text message holds 160 characters, or 70 with letters outside its alphabet (GSM 03.38). Longer ones "
        "are sent and paid for in parts.",
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
        "Without its accents, a word can become another word. Someone must read what is sent to thousands.",
        'plain: "Nao assine", without approved:',
        "approved: {by: Ana José, on: 2026-11-25}",
    ),
    stop(
        "partner-missing",
        "A partner notices a missing logo, and a logo without a record may not be used.",
        "partners: [health], without assets/partners/health.svg",
        "assets/partners/health.svg and health.yml (name, credit, licence)",
    ),
    stop(
        "partner-unreadable",
        "Logos are placed in a row by their shape, so the file must say its shape.",
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
