"""The words, patterns and limits by which `classify` judges addresses.

Words were collected from the navigation of English, German, French, Spanish, Italian, Portuguese, Dutch and Nordic news
sites; a missing word costs a fetch, a wrong one an article, so only words that never name an article stand here.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MAX_SANE_URL_CHARS = 700
"""Characters. Percent-encoded headlines in CJK or Cyrillic reach 500; beyond it are redirect chains and growing paths."""

MAX_SEGMENTS = 12
"""Path segments. Deep news paths (section, subsection, year, month, day, slug, page) have 9."""

MAX_SAME_SEGMENT = 3
"""Times one word may stand in a path, less one: /news/news/ exists, three of the same is a link that grows."""

MIN_FACETS = 2
"""Parameters that filter or sort. One is a way to see a listing; with two their combinations multiply."""

MAX_QUERY_FIELDS = 6
"""Query parameters (tracking ones are gone by then). Articles of old content systems have up to 5."""

MAX_BEHIND_LISTING = 3
"""Segments from a listing word to the end of the path: /tag/name/sub is a listing, deeper is more likely an article."""

MIN_SLUG_WORDS = 4
"""Words. Section names have up to 3 (`arts-and-culture`), headlines rarely fewer than 4."""

MIN_FILE_SLUG_WORDS = 2
"""Words, where the address ends like a file: sections seldom do."""

MIN_POST_SLUG_WORDS = 2
"""Words, below a segment like `blog`: its sections have one (`/blog/design`), its posts more."""

MAX_SECTION_WORDS = 2
"""Words of a section's name, joining words (`and`, `und`, ...) not counted: `arts-and-culture`. With three it may as well be a headline."""

MAX_SECTION_DEPTH = 3
"""Segments of a section address: /sport/football/premier-league."""

MAX_STATIC_DEPTH = 3
"""Segments down to a page like `privacy` or `about-us`."""

FIRST_CJK = 0x2E80
"""Code point from which scripts without word spaces begin."""

CJK_CHARS_A_WORD = 3
"""Characters of such a script that count as one word of a slug."""

SESSION_NAMES = _words(
    "phpsessid sid sessionid session_id session sessid jsessionid aspsessionid oscsid zenid cfid cftoken s_id sess sessionkey"
)
SESSION_PATH = re.compile(r";jsessionid=|/\(s\([a-z0-9]{16,}\)\)/|/sid[=-][0-9a-f]{16,}|;sid=|/phpsessid[=/]")
CALENDAR_SEGMENTS = _words(
    """
    calendar calendars cal kalender kalendar calendrier calendario agenda events event termine veranstaltungen veranstaltung
    evenements eventos eventi evenementen whats-on tagestermine
    """
)
CALENDAR_NAMES = _words("tribe-bar-date eventdisplay calendar_month calmonth caldate ical outlook-ical")
DATE_NAMES = _words("month year date day week monat jahr datum mois annee mes ano fecha from to start end mo yr m y d view")
DATE_TAIL = re.compile(r"/[12][0-9]{3}(?:[-/_][0-9]{1,2}){0,2}(?:/(?:month|week|day|list))?$|/(?:month|week|day)/[0-9-]+$")
FACET_NAMES = _words(
    """
    sort sortby sort_by order orderby order_by dir direction filter filters filter_by facet facets color colour size price min_price
    max_price brand rating per_page perpage pagesize page_size limit show display layout view mode sort-by orden ordre sortierung tri
    filtre
    """
)

EXTENSION = re.compile(r"\.([a-z0-9]{2,5})$")
PAGE_EXTENSION = re.compile(r"\.(?:html?|shtml|xhtml|phtml|php[345]?|aspx?|jspx?|cfm|do|amp|ece|story|article|print|bc|stm|cms|htmlx)$")
MEDIA_EXTENSIONS = _words(
    """
    jpg jpeg jpe png gif webp avif svg bmp tif tiff ico heic mp3 m4a ogg oga wav aac flac opus mp4 m4v webm mov avi mpg mpeg flv wmv
    mkv m3u8 ts pdf doc docx xls xlsx ppt pptx odt ods odp rtf epub mobi csv zip gz tgz tar rar 7z bz2 xz exe dmg apk msi iso jar deb
    rpm css js mjs map woff woff2 ttf otf eot swf ics vcf torrent psd eps ai kml kmz gpx bin dat
    """
)

SITEMAP_FILE = re.compile(r"sitemap[\w.~-]*\.(?:xml|txt)(?:\.gz)?$|^sitemap[_-]?index(?:\.xml|\.php|\.aspx)?$|^sitemap\.(?:php|aspx)$")
SITEMAP_PAGES = _words("sitemap sitemap.html site-map plan-du-site uebersicht")
FEED_SEGMENTS = _words(
    "feed rss rss2 rss.xml rss.php atom atom.xml feed.xml feed.json feeds.xml index.rdf index.rss index.atom rdf jsonfeed"
)
FEED_FOLDERS = _words("rss feed feeds atom")
FORMAT_NAMES = _words("format output type")
FEED_FILE = re.compile(r"\.(?:rss|atom|rdf)$|(?:^|[._~-])(?:rss|atom|feed|rdf)[\w-]*\.(?:xml|json|php|aspx?)$")

ACTION_NAMES = _words(
    """
    replytocom share add-to-cart add_to_cart action login logout redirect_to return_to returnurl return_url print printable
    unsubscribe reply quote vote like rate emailarticle mailto
    """
)
ACTION_SEGMENTS = _words(
    """
    login logout signin sign-in signup sign-up register registration subscribe subscription subscriptions abo checkout cart basket
    account my-account wp-admin wp-login.php wp-json xmlrpc.php cgi-bin cdn-cgi print printversion email-this share oauth sso password
    forgot-password preferences logon anmelden registrieren connexion inscription abonnement abonnieren iniciar-sesion suscripcion
    """
)
STATIC_PAGES = _words(
    """
    about about-us aboutus about_us contact contact-us contactus contact_us privacy privacy-policy privacypolicy privacy-notice terms
    terms-of-use terms-of-service terms-and-conditions terms-conditions cookies cookie-policy cookie-notice legal legal-notice
    disclaimer imprint impressum datenschutz datenschutzerklaerung agb nutzungsbedingungen kontakt ueber-uns mediadaten advertise
    advertising advertise-with-us careers jobs faq help hilfe accessibility masthead staff team our-team editorial-policy
    corrections newsletter newsletters apps app rss-feeds mentions-legales politique-de-confidentialite
    conditions-generales-d-utilisation cgu cgv qui-sommes-nous plan-du-site aviso-legal politica-de-privacidad politica-de-cookies
    quienes-somos contacto publicidad chi-siamo contatti note-legali redazione pubblicita over-ons colofon privacyverklaring om-oss
    personvern kontakta-oss donate ethics copyright feedback
    """
)

LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?")
HOME_NAMES = _words("index home default homepage start startseite accueil inicio portada main frontpage")
PAGE_NAMES = _words("page paged p_page pg pagenum page_no pageno pagina seite start offset skip from_item")
PAGE_TAIL = re.compile(r"/(?:page|paged|seite|pagina|p|pg|sida|side)[/-]?[0-9]{1,6}/?$")
SEARCH_SEGMENTS = _words("search suche recherche buscar busqueda cerca ricerca zoeken sok search-results suchergebnisse searchresults")
DATE_ARCHIVE = re.compile(r"(?:/[a-z][\w-]{0,30}){0,2}/(?:19|20)[0-9]{2}(?:[/-][01]?[0-9](?:[/-][0-3]?[0-9])?)?")
LISTING_SEGMENTS = _words(
    """
    tag tags category categories cat author authors topic topics section sections keyword keywords archive archives label labels thema
    themen schlagwort schlagworte kategorie kategorien autor autoren autores rubrik rubriken ressort theme themes tema temas etiqueta
    etiquetas categoria categorias seccion secciones auteur auteurs rubrique rubriques mot-cle journalist journalists journaliste
    columnist columnists contributor contributors profile profiles people person dossier dossiers serie series collection collections
    latest newest most-read mostread trending popular all-news allnews latest-news breaking-news byline bylines staff-writers temi
    argomenti tagged stichwort emne emner etikett
    """
)
ARTICLE_SEGMENTS = _words(
    "article articles artikel story stories artigo articulo articolo news-story noticia noticias nyheter a nota notas"
)
POST_SEGMENTS = _words("post posts blog blogs p b news opinion comment guides essays columns notes")
ARTICLE_ENDINGS = _words("artikel article story amp ar en print full index")
ID_NAMES = _words(
    "id p article articleid article_id aid storyid story_id story newsid news_id nid itemid item_id artid idarticle idnews contentid"
)

NUMBER_ID = re.compile(r"(?:^|[^0-9a-z])[a-z]{0,4}-?[0-9]{5,}(?:[.,_-]|$)|[0-9]{6,}")
HEX_ID = re.compile(r"(?:^|[-_.])(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{10,}$|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-")
DATE_PATH = re.compile(
    r"/(?:19|20)[0-9]{2}[/-](?:[01]?[0-9]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:[/-][0-3]?[0-9])?/.*?[a-z0-9\u0080-\uffff][^/]{2,}"
    r"|/(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]/[^/]{3,}|/(?:19|20)[0-9]{2}/[^/]*[a-z][^/]*[-_][^/]*[-_]"
)
SLUG_SPLIT = re.compile(r"[-_+ ,.:;!'\u2019]+")
SECTION_SEGMENT = re.compile(r"[a-z\u0080-\uffff][\w&.+-]{0,40}")
JOINING_WORDS = _words("and und et e y i og och en of the de la news")
