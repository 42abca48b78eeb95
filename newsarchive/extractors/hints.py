"""What class names, ids and roles say about an element, as a bit mask: the vocabulary of the web's templates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsarchive.extractors.word_index import WordIndex
from newsarchive.pages.tree import Element

_WORDS = """
article_body: articlebody article-body article__body article_body story-body storybody story__body post-body postbody
    entry-content post-content article-content article__content articletext article-text article__text story-content richtext
    rich-text body-text bodytext textbody main-content content-body articlecontent article_content field-name-body
    field--name-body prose wysiwyg post__content entry__content content__body news-text newstext detail-text td-post-content
    single-content story-text paywall-content
content: content inhalt contenu contenido
article: article artikel articolo articulo
story: story
post: post entry
text: text texte texto
body: body
paragraph: paragraph -para para- graf absatz p-text
main: main primary center
lead: lead lede standfirst intro summary abstract dek- -dek deck subtitle sub-title subhead chapo vorspann kicker strapline
    ingress bajada sottotitolo entradilla
title: headline title heading titre titulo headl
header: header
caption: caption legend cutline bildunterschrift
credit: credit courtesy copyright attribution source-
image: image photo picture img figure gallery slideshow thumb media foto bild
video: video player youtube jwplayer brightcove
embed: embed iframe instagram tweet oembed
quote: quote zitat citation
byline: byline author autor auteur writer contributor redakt
bio: bio- -bio biography about-author author-box author-info authorbox
date: date time publish stamp datum fecha
meta: meta info
tag: tag topic keyword categor label
related: related recommend recirc similar see-also readmore read-more more- -more suggest read-next readnext further
    relacionad verwandt mehr- also- zum-thema recommended upnext up-next onward aggregat
popular: popular trending most- mostread latest top-stories recent newest topnews hot-
teaser: teaser card promo tile tease featured
list: list
feed: feed river stream archive loop
item: item
link: link
nav: nav menu breadcrumb pagination pager
footer: footer foot- -foot bottom
sidebar: sidebar side aside rail secondary right-col rightcol column-right col-right marginal
widget: widget module component
box: box
factbox: infobox factbox fact-box callout panel kasten highlight key-points keypoints takeaway
newsletter: newsletter subscribe signup sign-up subscription mailing mailchimp opt-in optin
paywall: paywall premium piano regwall plus- barrier locked
social: social share sharing facebook twitter follow addthis whatsapp
comment: comment disqus respond reply replies discussion kommentar livefyre coral
cookie: cookie consent gdpr cmp privacy onetrust didomi
modal: modal popup pop-up overlay lightbox tooltip dropdown dialog offcanvas drawer
hide: hidden hide invisible sr-only visually-hidden screen-reader visuallyhidden screenreader
noprint: noprint no-print print- -print
form: form input search login account profile register user-
live: live timeline ticker
table: table extra additional supplement background
note: note disclaimer disclosure correction clarification
about: about boilerplate company imprint
inline: inline insert inset in-article inarticle embedded
logo: logo brand
column: col- -col column grid row
section: section block
button: btn button cta
audio: audio podcast listen
shop: product shop price buy affiliate commerce deal amazon review rating score
poll: poll quiz survey umfrage donate support- contribut membership donation event calendar
accordion: accordion faq tab- tabs collapse toc table-of-contents jump-link anchor
carousel: carousel slider swiper slick
"""

_AD = re.compile(
    r"[\s_-](?=(?:ads?|adv|advert\w*|adslot\w*|adunit\w*|adbox|adsense|adsbygoogle|adwrap\w*|sponsor\w*|promoted|dfp\w*|gpt|outbrain|taboola|"
    r"banner\w*|commercial|werbung|anzeige|publicidad|pub|mpu|leaderboard|teads|revcontent|mgid|zergnet|plista|ligatus)(?:$|[\s_\d-]))"
)
"""The space or hyphen before a part of a name that stands for advertising."""

_ENTRIES = tuple(entry.split(":", 1) for entry in _WORDS.replace("\n   ", "").strip().splitlines())

HINT_NAMES = (*(name for name, _ in _ENTRIES), "ad", "itemprop_body")
"""Names of the bits, lowest first."""

AD_BIT = 1 << len(_ENTRIES)
BODY_PROPERTY_BIT = AD_BIT << 1

_INDEX = WordIndex((word, 1 << bit) for bit, (_, words) in enumerate(_ENTRIES) for word in words.split())

MAX_NAME_CHARS = 160
"""Characters of an element's names that are looked at; generated lists of utility classes go on for a thousand."""

MAX_KNOWN = 32_768
"""Strings of names that are remembered; the pages of one site have most of theirs in common."""

_known: dict[str, int] = {"": 0}


def hint_masks(elements: Sequence[Element]) -> list[int]:
    """What the class, id, role and data names of each element say.

    The names of all elements that were not met before are searched together: string by string is five times the work.
    """
    global _known
    known = _known
    names = [_names_of(element) for element in elements]
    new = [name for name in dict.fromkeys(names) if name not in known]
    if new:
        if len(known) > MAX_KNOWN:
            known = _known = {"": 0}
            new = list(dict.fromkeys(names))
        known.update(zip(new, _masks_of(new), strict=True))
    masks = [known[name] for name in names]
    for number, element in enumerate(elements):
        if "itemprop" in element.attrs and "articlebody" in element.attrs["itemprop"].lower():
            masks[number] |= BODY_PROPERTY_BIT
    return masks


def _names_of(element: Element) -> str:
    attrs = element.attrs
    if not attrs:
        return ""
    names = attrs.get("class", "")
    if len(attrs) > 1:
        if "id" in attrs:
            names += " " + attrs["id"]
        if "role" in attrs:
            names += " " + attrs["role"]
        if "data-component" in attrs:
            names += " " + attrs["data-component"]
        return names
    return names or attrs.get("id") or attrs.get("role") or attrs.get("data-component") or ""


def _masks_of(strings: Sequence[str]) -> list[int]:
    """The bits of each string of names. No word holds a line break, so that none reaches from one string into the next."""
    lines = [names[:MAX_NAME_CHARS].lower() for names in strings]
    text = "\n".join(lines)
    masks = [0] * len(lines)
    number, end = 0, len(lines[0])
    for place, bit in _INDEX.places(text):
        while place > end:
            number += 1
            end += 1 + len(lines[number])
        masks[number] |= bit
    number, end = 0, len(lines[0])
    for match in _AD.finditer("\n" + text):
        # The name begins behind the match, and the text one place later than here.
        while match.start() > end:
            number += 1
            end += 1 + len(lines[number])
        masks[number] |= AD_BIT
    return masks
