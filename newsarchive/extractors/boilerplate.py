"""Lines that are never text of an article, in any language: ad labels, `continue reading`, share bars, consent, copyright tails.

Each rule has an id, a pattern over the whole line in lower case and a length above which a line is believed to be prose. The patterns
are data; what is learned from pages is in the block model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_AD_WORDS = (
    r"ad|ads|advert|advertisement|advertisements|advertising|advertorial|sponsored|sponsored content|promoted|paid content|"
    r"partner content|"
    r"anzeige|anzeigen|werbung|publicité|publicite|annonce|contenu sponsorisé|publicidad|anuncio|contenido patrocinado|publicidade|"
    r"anúncio|"
    r"pubblicità|annuncio|contenuto sponsorizzato|advertentie|reclame|reklama|reklamy|reklame|annons|annonse|mainos|hirdetés|publicitate|"
    r"oglas|oglasi|inzerce|inzerát|reklám|реклама|на правах рекламы|оголошення|διαφήμιση|reklam|ilan|iklan|quảng cáo|"
    r"広告|スポンサー|広告の後にも続きます|广告|廣告|광고|โฆษณา|विज्ञापन|বিজ্ঞাপন|إعلان|إعلانات|اعلان|پیام تجاری|פרסומת|matangazo|tangazo"
)
_AD_TAILS = (
    r"continues? below|(?:article |story )?continues? (?:below|after)(?: (?:this |the )?(?:ad|ads|advert|advertisement))?|"
    r"placeholder|slot|space|feedback|"
    r"remove ads|skip ad|close|loading|here|- continue reading below|- scroll to continue|choices|unit|banner|label"
)


@dataclass(frozen=True, slots=True)
class LineRule:
    """One kind of line that is dropped."""

    id: str
    """What `explain` and the tests call it."""
    pattern: re.Pattern[str]
    limit: int
    """Characters. A longer line is never dropped by the rule."""
    needs: tuple[str, ...] = ()
    """Words of which a line must hold one to match, for the patterns that look far into a line: a fiftieth of their time."""


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{pattern})\W*")


_SIZE = r"\d{2,4}\s?[x×*]\s?\d{2,4}"

LINE_RULES: tuple[LineRule, ...] = (
    LineRule("ad-label", _whole(rf"(?:{_AD_WORDS})(?:[\s:–—-]+(?:{_AD_TAILS}|\d{{1,2}}))?(?:\W*{_SIZE})?|"
    rf"(?:{_AD_WORDS})\W+(?:{_AD_WORDS})"), 90),
    LineRule("ad-label", _whole(rf"(?:google |banner )?(?:ad|ads|advert\w*|banner)\b[\w\s-]{{0,24}}{_SIZE}|{_SIZE}"), 60),
    LineRule(
        "ad-continues",
        _whole(
            r"(?:the )?(?:article|story|content|post|text) continues (?:below|after)(?: (?:this|the)?\s?\w*\s?(?:ad|ads|advert|"
            r"advertisement|promotion|message)s?)?|"
            r"continue reading (?:below|after the ad)|scroll (?:down )?to continue(?: (?:reading|with \w+))?|"
            r"(?:der )?(?:artikel|text) (?:wird|geht) (?:nach|unter) der (?:anzeige|werbung) (?:fortgesetzt|weiter)|"
            r"weiter nach der (?:anzeige|werbung)|"
            r"la suite après (?:la|cette) publicité|(?:el artículo )?(?:continúa|sigue) (?:después|tras|debajo) de la publicidad|"
            r"continua (?:após|depois d)a publicidade|(?:l'articolo )?continua dopo la pubblicità|(?:artikel|"
            r"tekst) gaat verder (?:na|onder) (?:de )?(?:advertentie|reclame)|"
            r"artikeln fortsätter efter annonsen|artikkelen fortsetter (?:under|etter) annonsen|artiklen fortsætter (?:efter|"
            r"under) annoncen|"
            r"(?:dalsza część )?(?:artykuł|tekst)\w* (?:pod|poniżej|po) reklam\w+|продолжение после рекламы|広告の下に記事が続きます|"
            r"記事は広告の後に続きます|文章继续"
        ),
        120,
    ),
    LineRule(
        "continue-reading",
        _whole(
            r"continue reading|continue to (?:the )?(?:article|site|story)|keep reading|read (?:the )?(?:more|full (?:story|"
            r"article)|on|it here|article|story|post)|see more|view more|show more|"
            r"load more(?: \w+)?|more|weiterlesen|mehr (?:lesen|erfahren|anzeigen)|zum artikel|ganzen artikel lesen|"
            r"lire (?:la suite|plus|l'article)|voir plus|en savoir plus|"
            r"leer más|seguir leyendo|ver más|leia mais|ler mais|saiba mais|continue lendo|leggi (?:tutto|di più|anche)?|"
            r"continua a leggere|lees (?:meer|verder)|"
            r"läs (?:mer|vidare)|les (?:mer|også)|læs (?:mere|videre)|lue lisää|czytaj (?:więcej|dalej)|číst (?:více|dále)|"
            r"celý článek|tovább(?: olvasom)?|"
            r"читать (?:далее|дальше|полностью)|подробнее|читати далі|διαβάστε περισσότερα|devamını oku|daha fazla|selengkapnya|"
            r"baca selengkapnya|baca juga|xem thêm|đọc tiếp|"
            r"続きを読む|もっと(?:読む|見る)|記事を読む|阅读(?:更多|全文)|閱讀(?:更多|全文)|查看(?:更多|全文)|"
            r"더\s?보기|더\s?읽기|기사\s?전문\s?보기|อ่านต่อ|और पढ़ें|اقرأ المزيد|"
            r"ادامه مطلب|קרא עוד"
        ),
        60,
    ),
    LineRule(
        "share-bar",
        _whole(
            r"(?:share|teilen|partager|compartir|compartilhar|condividi|delen|dela|del|jaa|udostępnij|sdílet|megosztás|поделиться|"
            r"поширити|paylaş|bagikan|chia sẻ|シェア(?:する)?|分享|공유(?:하기)?|مشاركة|شارك)"
            r"(?:[\s:]+(?:this|on|via|article|story|page|post|link|auf|sur|en|su|with|by|the|it|facebook|twitter|x|email|whatsapp|"
            r"linkedin|pinterest|reddit|telegram|flipboard)){0,6}|"
            r"(?:facebook|twitter|whatsapp|linkedin|pinterest|reddit|telegram|e-?mail|print|tweet|pin it|copy(?: the)? link|"
            r"link copied!?|save|bookmark|drucken|imprimer|imprimir|stampa|"
            r"flipboard|instagram|youtube|tumblr|messenger|line|viber|vk|x)(?:[\s,|/·•]+(?:on |via |by )?(?:facebook|twitter|"
            r"whatsapp|linkedin|pinterest|reddit|telegram|e-?mail|print|copy link|save|flipboard|instagram|youtube|tumblr|messenger|"
            r"share|x))*|"
            r"\d[\d.,]*k? (?:shares?|comments?|likes?|views?|kommentare?|commentaires?|comentarios?)|(?:leave|post|add) a comment|"
            r"comments?(?: are closed)?(?: \(?\d+\)?)?|kommentare?(?: \(?\d+\)?)?"
        ),
        80,
    ),
    LineRule(
        "copyright",
        re.compile(
            r"\W*(?:©|\(c\)\s|copyright\b(?! (?:law|act|infring|claim|case|holder|owner|office|protect))|&copy).{0,160}|"
            r".{0,80}(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|"
            r"todos os direitos reservados|tutti i diritti riservati|"
            r"все права защищены|無断転載(?:を禁|・|禁止).{0,40}|版权所有.{0,40}|무단\s?전재.{0,40}|"
            r"прав[аы] защищены|wszelkie prawa zastrzeżone|"
            r"alla rättigheter).{0,120}",
            re.DOTALL,
        ),
        240,
        ("©", "(c)", "copyright", "&copy", "rights", "rechte", "droits", "derechos", "direitos", "diritti", "прав", "無断転載", "版权所有",
         "무단", "prawa", "rättigheter"),
    ),
    LineRule(
        "consent",
        re.compile(
            r".{0,80}(?:we (?:and our partners )?use cookies|this (?:web)?site uses cookies|accept (?:all )?cookies|"
            r"cookie (?:policy|settings|preferences)|"
            r"wir verwenden cookies|nous utilisons des cookies|utilizamos cookies|utilizziamo i cookie|wij gebruiken cookies|"
            r"мы используем (?:файлы )?cookie).{0,200}",
            re.DOTALL,
        ),
        300,
        ("cookie",),
    ),
    LineRule(
        "newsletter",
        re.compile(
            r"\W*(?:(?:sign up|subscribe|register)(?: now)? (?:for|to|here)\b.{0,100}(?:newsletters?|inbox|updates|daily|briefing|"
            r"e-?mails?|alerts?)|"
            r"(?:get|receive)\b.{0,60}(?:newsletter|delivered to your inbox|in your inbox|straight to your inbox).{0,60}|"
            r"(?:subscribe|sign up|log ?in|sign in|register)(?: now| here| today)?|"
            r".{0,40}(?:enter|type) your e-?mail.{0,60}|(?:jetzt )?(?:den |unseren )?newsletter (?:abonnieren|bestellen).{0,60}|"
            r"(?:abonnez-vous|inscrivez-vous) à .{0,40}newsletter.{0,60}|"
            r"suscríbete .{0,60}(?:newsletter|boletín).{0,40}|(?:inscreva-se|assine) .{0,40}newsletter.{0,40}|"
            r"iscriviti alla newsletter.{0,60}|メールマガジン.{0,30}登録.{0,20})\W*",
            re.DOTALL,
        ),
        220,
        ("sign", "subscribe", "register", "newsletter", "inbox", "log", "mail", "suscríbete", "メールマガジン", "updates", "daily",
         "briefing", "alert"),
    ),
    LineRule(
        "follow-us",
        re.compile(
            r"\W*(?:follow|join|like|find)(?: \w+){0,4} (?:us )?on (?:facebook|twitter|instagram|whatsapp|telegram|google news|"
            r"linkedin|youtube|tiktok|x|social media|flipboard|threads|bluesky)\b.{0,120}|"
            r"\W*(?:download|get) (?:our|the) .{0,30}\bapp\b.{0,80}|\W*folgen sie uns .{0,80}|\W*suivez[- ]nous .{0,80}|"
            r"\W*síguenos en .{0,80}|\W*siga-nos .{0,80}|\W*seguici su .{0,80}",
            re.DOTALL,
        ),
        200,
        ("follow", "join", "like", "find", "app", "folgen", "suivez", "síguenos", "siga-nos", "seguici"),
    ),
    LineRule("skip-link", _whole(r"(?:skip|jump|zum|aller au|ir al|saltar al|vai al|ga naar|"
    "hoppa till) (?:to )?(?:the )?(?:main )?(?:content|navigation|menu|search|inhalt|contenu|contenido|conteúdo|contenuto|inhoud|"
    "innehåll)"), 60),
    LineRule("back-link", _whole(r"(?:back|return) to (?:top|home|list|the (?:home ?page|front page)|.{0,20}page)|(?:go )?back|"
    "nach oben|retour|volver|voltar|torna su|top|home|menu|close|search|print(?: this)?(?: article| page)?"), 40),
)  # fmt: skip

READ_ALSO = re.compile(
    r"\W*(?:read (?:also|next|more|this)|also read|(?:see|watch|listen|hear)(?: also| more| now)?|related(?: (?:stories|articles?|"
    r"story|news|content|reading|video|coverage|topics?|links?))?|recommended(?: (?:for you|stories|reading|articles))?|more (?:on|"
    r"from|about|news|stories)|don'?t miss|you (?:may|might) (?:also )?(?:like|be interested)|in case you missed it|must[- ]read|"
    r"lesen sie (?:auch|hier|mehr|dazu)|lies (?:auch|hier)|mehr (?:zum thema|dazu|zu)|auch interessant|"
    r"das könnte sie auch interessieren|weitere (?:artikel|themen)|"
    r"lire (?:aussi|également)|à lire(?: aussi)?|voir aussi|sur le même sujet|lee (?:también|además)|leer también|"
    r"te puede interesar|más (?:información|noticias|sobre)|también te puede|noticias? relacionadas?|"
    r"leia (?:também|mais)|veja (?:também|mais)|leggi anche|vedi anche|potrebbe interessarti|lees ook|bekijk ook|meer over|"
    r"läs (?:också|även|mer)|les også|læs også|lue myös|"
    r"czytaj (?:też|także|również)|zobacz (?:też|także|również)|polecamy|čtěte (?:také|též)|přečtěte si|související|olvassa el|"
    r"kapcsolódó|citește și|vezi și|pročitajte|прочетете|"
    r"читайте (?:также|ещё|еще|в тему)|по теме|смотрите также|читайте також|διαβάστε (?:επίσης|ακόμα|ακόμη)|δείτε (?:επίσης|ακόμα)|"
    r"ayrıca|bunlar da ilginizi|ilgili haber|baca juga|baca:|simak juga|lihat juga|xem thêm|đọc thêm|soma (?:pia|zaidi)|"
    r"関連記事|関連ニュース|あわせて読みたい|こちらも|相关(?:阅读|新闻|文章|报道)|延伸閱讀|更多(?:新闻|新聞|报道)|相關(?:新聞|文章|報導)|관련\s?(?:기사|뉴스)|อ่าน(?:เพิ่มเติม|ข่าว)|"
    r"यह भी पढ़ें|ये भी पढ़ें|আরও পড়ুন|اقرأ أيضا|اقرأ أيضًا|مواضيع ذات صلة|بیشتر بخوانید|קראו (?:גם|עוד))",
)  # fmt: skip
"""How a line (in lower case) begins that promotes other articles; a line is one only where most of it is linked too."""

CREDIT = re.compile(
    r"\W*(?:(?:photo|photograph|picture|image|images|pic|video|illustration|graphic|screenshot|foto|fotos|bild|bilder|quelle|"
    r"photos?|crédits?|crédito|fotografía|imagen|imagem|immagine|beeld|kuva|fot\.|zdjęcie|фото|изображение|写真|画像|图片|圖片|사진|gambar|foto)s?"
    r"(?:\s(?:by|credits?|courtesy(?: of)?|source|via|from|copyright|quelle|von|de|di|av|provided by))?\s*[:：/|©=–-]|(?:image|photo|"
    r"picture|video) (?:credit|source|courtesy|by|caption|copyright)s?\b|credit\s*:|\((?:photo|image|picture|ap photo|foto|reuters|"
    r"afp|file photo)\b)",
)  # fmt: skip
"""How a photo-credit line (in lower case) begins."""

END_MARK = re.compile(
    r"\W*(?:about (?:the )?(?:authors?|writers?|us|this|our|\w+ ?\w*$)|(?:legal |important |full )?(?:disclaimers?|disclosures?|"
    r"disclosure statement)\b|forward[- ]looking|safe harbou?r|"
    r"(?:media |press |investor |company |for (?:more|further) information|more information|for media)[\s,:]*(?:contacts?|inquiries|"
    r"enquiries|relations|information)?\b|contacts?\s*:?$|"
    r"(?:editor|author|publisher|correction|note)\S{0,3} (?:note|notes|bio)|notes? (?:to|for) editors|end notes?|footnotes?|"
    r"references|bibliography|sources?\s*:|(?:first )?(?:published|posted|filed|tagged|categor)\w*(?: in| under| on|:)|tags?\s*:|"
    r"topics?\s*:|keywords?\s*:|"
    r"the (?:information|views|opinions|material|content|author|writer)s? (?:contained|provided|expressed|presented|in this|on this|"
    r"is an?|has|does)|this (?:material|information|content|site|website|publication|article|press release|release|document) (?:is|"
    r"was|does|has|may|contains|originally)|"
    r"(?:all )?(?:products|trademarks|investing|past performance|\*|†|‡|¹|\[1\]|1\. ?\^)|"
    r"(?:\d+ )?(?:comments?|replies|responses|thoughts on)\b|(?:leave|post|write|add) a (?:comment|reply)|join the (?:conversation|"
    r"discussion)|(?:next|previous|prev|older|newer) (?:post|article|story|entry)|"
    r"(?:is an?|was an?) .{0,40}(?:writer|reporter|editor|journalist|correspondent|author|contributor|columnist)|written by|"
    r"über (?:den autor|die autorin|uns|das unternehmen)|zur person|kommentare?|hinweis|quellen?\s*:?$|pressekontakt|kontakt|"
    r"haftungsausschluss|à propos|sur l.auteur|commentaires?|"
    r"mentions légales|sobre (?:el|la|o|a|nosotros)\b|acerca de|comentarios?|aviso legal|fuente|sull.autore|commenti|"
    r"riproduzione riservata|over de auteur|reacties|reageer|om författaren|kommentarer|"
    r"об авторе|комментари|источник|o autorze|komentarze|źródło|yorumlar|コメント|"
    r"この記事|参考|出典|关于|責任編輯|责任编辑|来源|編輯|기자|댓글|저작권|"
    r"การแสดงความคิดเห็น|تعليقات|###|\*\s?\*\s?\*|—\s?end|-30-)",
)  # fmt: skip
"""How the lines (in lower case) begin that stand after the end of an article: bios, disclaimers, company tails, references, comments."""

CREDIT_LIMIT = 160
"""Characters. Longer lines that begin so are prose (`Photo: how the picture was made...`)."""


_LONG_WORDS = (
    "©", "(c)", "copyright", "&copy", "rights", "rechte", "droits", "derechos", "direitos", "diritti", "прав", "無断", "版权", "무단",
    "prawa", "rättigheter", "cookie", "newsletter", "inbox", "sign ", "subscri", "register", "email", "e-mail", "abonn", "inscri",
    "suscr", "assine", "iscriv", "メール", "follow", "join", "like", "find", "folgen", "suivez", "síguenos", "siga", "seguici",
    "continue", "reklam", "facebook", "artikel", "artículo", "広告", "article", "story", "publicit", "publicid", "updates", "daily",
    "briefing", "alerts", "tekst", "annons", "annonc",
)  # fmt: skip
_APP = re.compile(r"app\b")
"""What a line of more than 90 characters must hold before the rules are tried."""


def _holds(text: str, words: tuple[str, ...]) -> bool:
    for word in words:  # noqa: SIM110 - a generator takes twice the time
        if word in text:
            return True
    return False


@lru_cache(maxsize=4096)
def line_rule(text: str) -> str | None:
    """The id of the rule that drops a line whatever stands round it; None for everything else."""
    size = len(text)
    if size > 300:
        return None
    text = text.lower()
    if size > 90 and not _holds(text, _LONG_WORDS) and not ("app" in text and _APP.search(text)):
        return None
    for rule in LINE_RULES:
        if size <= rule.limit and (not rule.needs or _holds(text, rule.needs)) and rule.pattern.fullmatch(text):
            return rule.id
    return None


def is_promo_line(text: str, link_share: float) -> bool:
    """Whether the line points to other articles (`Read also: ...`): its beginning says so, and most of it is linked or nothing follows."""
    if link_share <= 0.5 and len(text) >= 60:
        return False
    match = READ_ALSO.match(text.lower())
    if match is None:
        return False
    rest = text[match.end() :].strip(" :：>»→-–—.")
    return link_share > 0.5 or (len(rest) < 3 and len(text) < 60)


def is_credit_line(text: str) -> bool:
    """Whether the line only credits a picture."""
    return len(text) <= CREDIT_LIMIT and CREDIT.match(text.lower()) is not None
