"""The words that modules, promo lines, cards and ads use, as data, in more than twenty languages.

Every list is matched against folded, case-folded text. A phrase ending in `*` matches as the beginning of the text, one
in plain form matches the whole text (punctuation at its ends aside). Add a language by adding phrases; no code changes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

RELATED_HEADINGS = """
related*; recommended*; recommends; recommendations*; you may also*; you might also*; you may like*; you might like*; you'll also like*;
you'll love*; also of interest*; suggested reading*;
read next*; read this next*; read these next*; what to read next*; up next*; next up*; read more*; read also*; also read*; see
also*; more on*; more about*;
more coverage*; explore further*; explore more*; keep reading*; continue reading*; further reading*; similar stories*; similar
articles*; similar posts*; similar news;
more like this*; more stories like*; more on this*; in this story*; timeline*; story timeline*; dig deeper*; go deeper*; background*;
also in the news;
suggested*; our readers*; for you; picked for you*; selected for you*; because you read*; don't miss these*; see more on*; find out more*;
mehr zu*; zum selben*; zum gleichen*; mehr zum*; mehr zur*; mehr über*; verwandte*; ähnliche*; das könnte sie*;
das könnte dich*; das könnte auch*; könnte
sie auch*; auch interessant*;
lesen sie auch*; lies auch*; lesen sie mehr*; weiterlesen*; zum thema*; zum weiterlesen*; passend dazu*; passend zum*;
empfohlen*; empfehlungen*; unsere empfehlung*; weitere informationen*;
weitere artikel zum*; weitere beiträge zum*; weiterführende*; hintergrund*; dossier*; thema*; siehe auch*; auch lesenswert*;
lesetipp*; leseempfehlung*; schwerpunkt*;
à lire aussi*; a lire aussi*; lire aussi*; à lire également*; lire également*; lire plus; à lire ensuite*; sur le même sujet*;
sur le même thème*; dans le même*; articles liés*;
article lié*; articles similaires*; articles connexes*; articles associés*; vous aimerez*; vous pourriez*; vous devriez*;
recommandé*; nous vous recommandons*; voir aussi*; pour aller plus loin*; en lien avec*; à voir aussi*; à découvrir*; nos lecteurs ont*;
noticias relacionadas*; noticia relacionada*; relacionad*; artículos relacionados*; te puede interesar*; le puede interesar*; te
puede gustar*; te recomendamos*; le recomendamos*; recomendad*;
lee también*; lea también*; leer también*; leer más*; lee más*; lea más*; ver también*; más sobre*; más información*; más
noticias sobre*; también te puede*; sigue leyendo*; quizás te interese*; te interesa*; no te pierdas*;
leggi anche*; leggi pure*; leggi tutto; articoli correlati*; articolo correlato*; notizie correlate*; correlati*; potrebbe
interessarti*; potrebbero interessarti*; ti potrebbe*; ti potrebbero*; forse ti*; vedi anche*; altro su*; per approfondire*;
approfondimenti*; approfondisci*; consigliati*;
leia também*; leia mais*; leia ainda*; veja também*; veja mais*; notícias relacionadas*; notícia relacionada*; artigos
relacionados*; conteúdo relacionado*; matérias relacionadas*; relacionado*; você pode gostar*; você também pode*; pode gostar*;
saiba mais*; mais sobre*; recomendamos*; para si; ler também*; continue lendo*; continue a ler*;
lees ook*; lees meer*; lees verder*; meer over*; gerelateerd*; aanbevolen*; misschien vind je*; misschien ook*; ook
interessant*; bekijk ook*; zie ook*; dit vind je*; verder lezen*;
czytaj także*; czytaj też*; czytaj również*; czytaj więcej*; przeczytaj także*; przeczytaj też*; przeczytaj również*; zobacz
także*; zobacz też*; zobacz również*; powiązane*; podobne*; polecane*; polecamy*; może cię zainteresować*; więcej na temat*;
więcej o*; warto przeczytać*;
читайте также*; читайте ещё*; читать также*; читай также*; читайте далее*; по теме*; материалы по теме*; новости по теме*;
статьи по теме*; похожие*; связанные*; смотрите также*; рекомендуем*; вам может*; вам будет интересно*; ещё по теме*; еще по
теме*; подробнее*; сюжет*; в тему; другие материалы по*;
читайте також*; за темою*; схожі*; пов'язані*; дивіться також*; рекомендуємо*; вам може*; матеріали за темою*;
čtěte také*; čtěte též*; přečtěte si*; související*; mohlo by vás*; mohlo by se vám*; podobné články*; více k tématu*; k
tématu*; doporučujeme*; doporučené*; čítajte aj*; prečítajte si*; súvisiace*; mohlo by vás zaujímať*; odporúčame*;
läs också*; läs även*; läs mer*; mer om*; relaterat*; relaterade*; rekommenderat*; rekommenderade*; du kanske också*; du kanske
gillar*; missa inte*; se även*; fler artiklar om*;
læs også*; læs mere*; mere om*; relaterede*; anbefalet*; anbefalinger*; måske vil du*; du vil måske*; se også*; les også*; les
mer*; relatert*; relaterte*; anbefalt*; mer om*; flere saker om*;
lue myös*; lue lisää*; aiheesta lisää*; lisää aiheesta*; aiheeseen liittyvä*; suositellut*; suosittelemme*; katso myös*; sinua
voisi kiinnostaa*; saatat pitää*;
ilgili haberler*; ilgili haber*; ilginizi çekebilir*; bunlar da ilginizi*; bunu da oku*; bunları da oku*; ayrıca oku*; ayrıca
bakınız*; önerilen*; sizin için*; benzer haberler*; devamını oku*; okumaya devam*;
関連*; 時系列*; あわせて読みたい*; 合わせて読みたい*; こちらもおすすめ*; おすすめ*; オススメ*; もっと読む*; 続きを読む*;
この記事もおすすめ*; この記事を読んだ人*; あなたにおすすめ*; 次に読みたい*; 今、あなたに*;
類似記事*; 特集*; この特集*;
相关*; 相關*; 推荐阅读*; 推薦閱讀*; 推荐*; 推薦*; 延伸阅读*; 延伸閱讀*; 更多关于*; 更多關於*; 你可能也喜欢*; 你可能也喜歡*;
猜你喜欢*; 猜你喜歡*; 您可能*; 看更多*; 阅读更多*; 閱讀更多*; 也可以看看*;
繼續閱讀*; 继续阅读*;
관련*; 이 기사와 관련*; 추천*; 함께 읽으면*; 함께 볼만한*; 이런 기사*; 연관*; 더 읽어보기*; 더보기; 이어서 읽기*; 당신이 좋아할*;
اقرأ أيضا*; اقرأ أيضًا*; اقرأ أيضاً*; إقرأ أيضا*; اقرأ المزيد*; مواضيع ذات صلة*; أخبار ذات صلة*; مقالات ذات صلة*; ذات صلة*;
موضوعات متعلقة*; قد يعجبك*; قد يهمك*; شاهد أيضا*; شاهد أيضاً*; المزيد عن*; المزيد حول*;
بیشتر بخوانید*; مطالب مرتبط*; اخبار مرتبط*; بخوانید*; پیشنهاد ما*; خبرهای مرتبط*; קראו גם*; קרא עוד*; קראו עוד*; כתבות קשורות*;
כתבות נוספות*; אולי יעניין*; עוד בנושא*;
यह भी पढ़ें*; ये भी पढ़ें*; यह भी पढें*; संबंधित*; और पढ़ें*; आपको यह भी*; इसे भी पढ़ें*; আরও পড়ুন*; আরো পড়ুন*; সম্পর্কিত*;
இதையும் படிங்க*; தொடர்புடைய*; మరిన్ని చదవండి*; سے متعلق*; یہ بھی پڑھیں*; مزید پڑھیں*;
baca juga*; baca lainnya*; baca selengkapnya*; berita terkait*; artikel terkait*; terkait*; rekomendasi*; anda mungkin*; mungkin
anda*; simak juga*; lihat juga*; pilihan untuk anda*; soma zaidi*; soma pia*; habari zinazohusiana*; habari zinazofanana*;
xem thêm*; đọc thêm*; tin liên quan*; bài liên quan*; bài viết liên quan*; có thể bạn quan tâm*; liên quan*; đọc tiếp*;
อ่านเพิ่มเติม*; อ่านต่อ*; ข่าวที่เกี่ยวข้อง*; บทความที่เกี่ยวข้อง*; ที่เกี่ยวข้อง*; คุณอาจสนใจ*;
διαβάστε επίσης*; διαβάστε ακόμη*; διαβάστε ακόμα*; σχετικά*; σχετικές*; δείτε επίσης*; δείτε ακόμη*; μπορεί να σας*;
προτεινόμενα*; olvasta már*; olvassa el*; kapcsolódó*; ajánlott*; ajánljuk*; ez is érdekelheti*; önnek ajánljuk*; hasonló
cikkek*; citește și*; citeşte şi*; citește mai mult*; articole similare*; știri similare*; recomandări*; recomandate*; vezi și*;
pe aceeași temă*; îți recomandăm*;
taip pat skaitykite*; skaitykite taip pat*; skaityti daugiau*; susiję*; rekomenduojami*; lasi arī*; saistītie*; iesakām*; loe
ka*; seotud*; loe lisaks*; soovitame*; pročitajte i*; pročitaj još*; pročitajte još*; povezano*; povezane*; vezane vijesti*;
preporučujemo*; možda će vas*; прочетете още*; прочетете и*; вижте още*; свързани*; още по темата*; препоръчано*; прочитајте*;
повезане*; lexo edhe*; lexoni edhe*; të ngjashme*; llegeix també*; notícies relacionades*; también en*; también en esta*
"""
"""A module's heading that claims a relation to this article or its reader."""

LIST_HEADINGS = """
latest*; most read*; most viewed*; most shared*; most commented*; most popular*; most watched*; popular*; trending*; top
stories*; top news*; top videos*; top picks; headlines*; today's*; editor's*; editors'*; editors*; from the archive*;
our latest*; our picks*;
breaking*;
more from*; more in this section*;
more stories*; more news*; more headlines*; more top stories*; more videos*; recent*; newest*; new on*; news;
newer*; previous*; prev; next; next story*; next post*; next article*; older*; featured*; features*; must read*; must see*;
don't miss*; what's hot*; what's new*; hot topics*; videos*; video*; photos*; photo galleries*; galleries*; pictures*; opinion*;
spotlight*; in pictures*; in case you missed*; also on*; other news*; other stories*; other articles*; elsewhere on*; best of*;
watch*; listen*; live;
meistgelesen*; meist gelesen*; am meisten*; meistkommentiert*; meistgesehen*; neueste*; aktuelle*; aktuell*; letzte*; beliebt*;
am beliebtesten*;
top-themen*; topthemen*; top-news*; top-artikel*; mehr aus*; mehr von*; mehr nachrichten*; weitere artikel*; weitere
nachrichten*; weitere meldungen*; weitere themen*; weitere beiträge*; nächster*; vorheriger*; schlagzeilen*; ressort*;
redaktionsempfehlung*; jetzt im*; startseite*; nachrichten*; panorama; politik; sport; wirtschaft; kultur;
les plus lus*; les plus récents*; le plus lu*; plus lus*; articles les plus*; à la une*; dernières*; derniers articles*; en
continu*; le fil*; fil info*; populaires*; tendances*; plus de*; toute l'actualité*; l'actualité*; les plus*; à ne pas manquer*;
article suivant*; article précédent*; l'essentiel*;
lo más*; los más*; las más*; más leíd*; más vist*; más notic*; más en*; últimas*; últimos*; ultimas*; destacad*; tendencias*;
populares*; portada*; anterior*; siguiente*; le più lette*; più letti*; più lette*; i più*; le più*; ultime*; ultimi*; in
evidenza*; primo piano*; notizie*; altre notizie*; altri articoli*; altro da*; articolo precedente*; articolo successivo*;
mais lidas*; mais lidos*; mais vist*; mais de*; as mais*; mais notícias*; mais em*; em destaque*; destaques*; em alta*;
populares*; próxim*; anterior*; recentes*; posts recentes*; meest gelezen*; meest recent*; meest bekeken*; laatste*; het
laatste*; populair*; hoofdpunten*; beste van*; bekijk*; net binnen*; meer uit*; meer van*; meer nieuws*; volgende*; vorige*;
trending; uitgelicht*;
najczęściej*; najnowsze*; najpopularniejsze*; popularne*; ostatnie*; więcej z*; aktualności*; na czasie*; następny*; poprzedni*;
новости*; последние*; популярн*; самое*; главное*; лента*; лучшее*; свежие*; топ*; все новости*; другие новости*; выбор*;
следующ*; предыдущ*; останні*; найпопулярніш*; головне*; новини*; nejčtenější*; nejnovější*; poslední*; hlavní zprávy*; další
články*; najčítanejšie*; najnovšie*;
mest läst*; mest lästa*; senaste*; just nu*; populärt*; toppnyheter*; mer från*; fler artiklar*; fler nyheter*; nyheter*; mest
læst*; mest læste*; seneste*; lige nu*; populære*; mere fra*; flere*; mest lest*; siste*; akkurat nå*; mer fra*; luetuimmat*;
uusimmat*; tuoreimmat*; suosituimmat*; lisää*; nyt;
en çok*; son haberler*; son dakika*; popüler*; öne çıkan*; gündem*; sıradaki*; önceki*; diğer haberler*; 人気*; 最新*; 新着*; ランキング*;
アクセス*; 注目*; 前の記事*; 次の記事*; ニュース*; トップニュース*; 最近*; 热门*; 熱門*; 热点*; 最新*; 排行*; 点击*; 頭條*;
头条*; 要闻*; 要聞*; 上一*; 下一*; 編輯*; 编辑*; 인기*; 많이
본*; 최신*; 주요*; 실시간*; 포토*; 오늘의*; 가장 많이*; 이시각*; 이 시각*; 랭킹*;
الأكثر*; أحدث*; آخر*; أهم*; المزيد من*; الأخبار*; پربازدید*; آخرین*; تازه‌ترین*; הנקראות*; הכי*; חדשות*; अन्य*; ताज़ा*; ताजा*;
सबसे*; ट्रेंडिंग*; terbaru*; terpopuler*; terkini*; berita lainnya*; berita populer*; populer*; paling*; trending*; pilihan
editor*; habari zaidi*; habari mpya*; mới nhất*; tin mới*; đọc nhiều*; xem nhiều*; nổi bật*; tin nóng*; ข่าวล่าสุด*;
ข่าวยอดนิยม*; ล่าสุด*; τελευταία*; δημοφιλ*; ροή*; πρωτοσέλιδα*; legolvasottabb*; legfrissebb*; friss*; legnépszerűbb*; cele
mai*; ultimele*; populare*; naujausi*; naujienų*; skaitomiausi*; populiariausi*; jaunākās*; lasītākie*; populārākie*; värsked*;
loetumad*; uusimad*; najčitanije*; najnovije*; izdvojeno*; najnoviji*; най-четени*; последни*; најновије*; најчитаније*; më të
lexuarat*; të fundit*
"""
"""A module's heading that names a list of the site rather than a relation to this article."""

MORE_LINKS = """
continue reading*; keep reading*; read more*; read the full*; read full*; read on*; read article*; read story*; read now; more;
more…; more...; view more; see more; learn more; full story*; go to article*; view article*; find out more*; watch now; watch
video; click here*; open article; view gallery; show more; load more; view all*; see all*; all stories; all news;
weiterlesen*; mehr lesen*; mehr erfahren*; mehr; mehr…; zum artikel*; zum beitrag*; jetzt lesen*; artikel lesen*; lesen sie
mehr; alle anzeigen; alle artikel; mehr anzeigen; weiter; lire la suite*; lire plus; lire l'article*; en savoir plus*; voir
plus*; voir tout; suite; leer más*; sigue leyendo*; seguir leyendo*; continuar leyendo*; ver más*; ver todo*; leggi tutto*;
continua a leggere*; leggi di più*; leggi l'articolo*; continua*; scopri di più*; leia mais*; ler mais*; continue lendo*;
continuar a ler*; ver mais*; saiba mais*; lees meer*; lees verder*; verder lezen*; meer; bekijk alles*; czytaj więcej*; czytaj
dalej*; więcej; zobacz więcej*; читать далее*; читать дальше*; читать полностью*; читать; подробнее*; далее; ещё; еще;
детальніше*; читати далі*; читати більше*; číst více*; číst dál*; více; celý článek*; čítať ďalej*; viac; läs mer*; läs hela*;
läs vidare*; læs mere*; læs videre*; les mer*; les hele*; lue lisää*; lue koko*; devamını oku*; devamı*; haberin devamı*;
続きを読む*; もっと読む*; もっと見る*; 詳しく*; 一覧*; 阅读更多*; 閱讀更多*; 继续阅读*; 繼續閱讀*; 查看更多*; 更多*; 全文*;
더보기*; 더 보기*; 자세히*; 계속 읽기*; 전체보기*; اقرأ المزيد*;
المزيد; متابعة القراءة*; بیشتر بخوانید*; ادامه*; קרא עוד*; קראו עוד*; עוד; और पढ़ें*; आगे पढ़ें*; baca selengkapnya*;
selengkapnya*; baca lebih*; lihat semua*; soma zaidi*; đọc tiếp*; xem thêm*; chi tiết*; อ่านต่อ*; อ่านเพิ่มเติม*; διαβάστε
περισσότερα*; περισσότερα*; tovább*; bővebben*; citește mai mult*; mai mult; skaityti*; plačiau*; daugiau; lasīt vairāk*; loe
edasi*; loe rohkem*; pročitaj više*; opširnije*; više; виж още*; прочети повече*; opširno*
"""
"""The text of a link that only leads on: never a headline."""

INLINE_LABELS = """
read also*; also read*; read more*; see also*; related*; more on*; more:; also on*; also see*; watch*; read:; read next*; must
read*; don't miss*; recommended*; more from*; explained*; background*; in pictures*; editor's pick*; further reading*; opinion:;
lesen sie auch*; lies auch*; lesen sie mehr*; mehr dazu*; mehr zum thema*; mehr zu*; auch interessant*; siehe auch*; lesetipp*;
hintergrund:; interview:; video:; zum thema*; lire aussi*; à lire aussi*; a lire aussi*; lire également*; à lire également*;
voir aussi*; notre décryptage*; lee también*; lea también*; leer también*; te puede interesar*; más información*; le puede
interesar*; mira también*; leggi anche*; vedi anche*; per approfondire*; leia também*; leia mais*; veja também*; saiba mais*;
lees ook*; lees meer*; bekijk ook*; czytaj także*; czytaj też*; czytaj również*; zobacz także*; zobacz też*; zobacz również*;
przeczytaj także*; przeczytaj też*; читайте также*; читать также*; смотрите также*; по теме*; читайте по теме*; подробнее*;
читайте також*; дивіться також*; čtěte také*; přečtěte si*; mohlo by vás*; čítajte aj*; läs också*; läs även*; läs mer*; læs
også*; les også*; lue myös*; ilgili haber*; bunu da oku*; ayrıca oku*; 関連記事*; あわせて読みたい*; 合わせて読みたい*;
もっと読む*; こちらも*; 相关阅读*; 相關閱讀*;
延伸阅读*; 延伸閱讀*; 推荐阅读*; 相关新闻*; 相關新聞*; 관련기사*; 관련 기사*; 함께 읽기*; اقرأ أيضا*; اقرأ أيضاً*;
اقرأ أيضًا*; شاهد أيضا*; بیشتر بخوانید*; קראו
גם*; यह भी पढ़ें*; ये भी पढ़ें*; baca juga*; simak juga*; lihat juga*; baca:; soma pia*; soma zaidi*; xem thêm*; đọc thêm*;
อ่านเพิ่มเติม*; อ่านข่าว*; διαβάστε επίσης*; διαβάστε ακόμη*; δείτε επίσης*; olvasta már*; olvassa el*; citește și*; citeşte
şi*; vezi și*; taip pat skaitykite*; skaitykite taip pat*; lasi arī*; loe ka*; pročitajte i*; pročitaj još*; прочетете още*;
lexo edhe*; llegeix també*
"""
"""How a promo line between the paragraphs begins, before the link."""

AD_LABELS = """
ad; ads; advertiser content*;
advertisement*; advertising*; advertorial*; sponsored*; sponsor; promoted*; paid post*; paid content*; paid for by*;
partner content*; partner offers*; from our partners*; our partners*;
more from our partners*; brandpost*; brandposts*; from around the web*; around the web*; from the web*;
promotion*; brought to you by*; in association with*; in partnership with*; presented by*; affiliate*; coupons*; vouchers*;
discount codes*; you may be interested in sponsored*; taboola*; outbrain*; recommended by outbrain*; promoted by taboola*; press
release*; business wire*; brandvoice*; brand content*; studio partner*; native ad*;
anzeige*; werbung*; gesponsert*; sponsored by*; unsere partner*; partnerangebot*; partner-angebot*; gutscheine*;
verlagsangebot*; preisvergleich*; stellenmarkt*; publicité*; publicite*; contenu sponsorisé*; sponsorisé*; partenaire*; nos
partenaires*; codes promo*; annonce*; contenus sponsorisés*; publicidad*; patrocinad*; contenido patrocinado*; contenido
ofrecido*; descuentos*; cupones*; branded content*; pubblicità*; sponsorizzat*; contenuto sponsorizzato*; offerte*;
publicidade*; patrocinado*; conteúdo patrocinado*; ofertas*; anúncio*; advertentie*; gesponsord*; aangeboden door*;
partnercontent*; reklama*; artykuł sponsorowany*; materiał sponsorowany*; sponsorowan*; реклама*; на правах рекламы*;
партнерск*; спецпроект*; промо*; новости партнеров*; новости партнёров*; новости компаний*; реклама и*; спонсор*; sponzor*;
inzerce*; komerční*; annons*; sponsrad*; annonse*; annonce*; annoncør*; sponset*; mainos*; kaupallinen*; reklam*; sponsorlu*;
広告*; スポンサー*; pr; pr情報*; prイチオシ*; prのページ*;
［pr］*; [pr]*; 提供*; 广告*; 廣告*; 推广*; 推廣*; 赞助*; 贊助*; 광고*; 스폰서*; إعلان*; إعلانات*;
محتوى مدفوع*; تبلیغات*; رپورتاژ*;
פרסומת*; תוכן ממומן*; ממומן*; विज्ञापन*; प्रायोजित*; iklan*; advertorial*; quảng cáo*; được tài trợ*; โฆษณา*; διαφήμιση*;
χορηγούμενο*; hirdetés*; szponzorált*; publicitate*; sponsorizat*; reklama*; užsakomasis*; rėmėj*; reklāma*; reklaam*; oglas*;
sponzorirano*; реклама*; спонсорирано*
"""
"""The label of an advertisement, a sponsored unit or a shop box."""

INTERRUPTIONS = """
article continues*; story continues*; continue reading below*; continues below*; scroll to continue*; ad placeholder*;
advertisement; advertisements*; advertisement -*; anzeige*; werbung*; publicité*; publicidad*; pubblicità*; publicidade*; advertentie*;
reklama; реклама*; annons*; annonse*; annonce*; mainos*; reklam*; 広告*; 广告*; 廣告*; 광고*; إعلان*; iklan*; quảng cáo*;
weiterlesen nach der
anzeige*; artikel wird nach der anzeige*; la suite après cette publicité*; l'article continue après*; sigue leyendo después*;
continúa después*; continua dopo la pubblicità*; l'articolo continua*; continua após a publicidade*; artikel gaat verder*;
dalsza część artykułu*; продолжение после рекламы*; článek pokračuje*; artikkelen fortsetter*; artikeln fortsätter*; haber devam
ediyor*; 記事は広告の後*; advertisement - continue*
"""
"""Labels that interrupt the text for an ad: they head nothing that follows."""

NOT_STORIES = """
newsletter*; subscribe; subscribe to*; subscribe now*; subscribe today*;
subscription*; sign up*; podcast*; podcasts*; download our app*; get the app*; our apps*; app; events*;
upcoming events*; e-paper*; epaper*; puzzles*; games*; quizzes*; horoscope*; tags*; topics*; related topics*;
more on these topics*; in this article*; related tags*; related categories*;
relaterte emner*; relaterade ämnen*; ähnliche themen*; sujets associés*; temas relacionados*; gerelateerde onderwerpen*;
powiązane tematy*; argomenti correlati*; assuntos relacionados*; tópicos relacionados*; relaterede emner*; aiheeseen liittyvät aiheet*;
ilgili konular*; похожие темы*; související témata*; 関連タグ*; 関連キーワード*; 相关标签*; 관련 태그*; وسوم ذات صلة*;
categories*; authors*; about the author*; share*; share this*; follow us*; contact*; comments*; leave a comment*; recent
comments*; forum*; discussion*; help*; about us*; legal*; jobs; weather*; tv guide*; stock quotes*;
abonnieren*; abo*; abonnement*; newsletter*; veranstaltungen*; termine*; schlagwörter*; themen*; teilen*; kommentare*; autor*;
über den autor*; impressum*; kontakt*; s'abonner*; abonnez-vous*; abonnements*; événements*; mots-clés*; sujets*; partager*;
commentaires*; suscríbete*; suscripción*; boletín*; temas*; etiquetas*; compartir*; comentarios*; eventos*; iscriviti*;
abbonati*; argomenti*; condividi*; commenti*; eventi*; assine*; assinatura*; tópicos*; comentários*; partilhar*; compartilhar*;
abonneer*; reacties*; onderwerpen*; tematy*; komentarze*; udostępnij*; подписка*; подпишитесь*; теги*; темы*; комментарии*;
поделиться*; štítky*; témata*; diskuse*; komentáře*; prenumerera*; ämnen*; kommentarer*; dela*; kommentit*; aiheet*; etiketler*;
yorumlar*; paylaş*; abone*; タグ*; コメント*; シェア*; カテゴリ*; 标签*; 標籤*; 评论*; 評論*; 分享*; 태그*; 댓글*; 공유*;
تعليقات*; وسوم*; مشاركة*; टैग*;
komentar*; tag terkait*; bagikan*; topik*; bình luận*; từ khóa*; chủ đề*; ετικέτες*; σχόλια*; címkék*; etichete*; comentarii*;
žymos*; komentarai*
"""
"""Headings of boxes that promote no article: newsletters, podcasts, apps, events, topics, comments, sharing."""

PROMO_TITLES = """
ebook:*; e-book:*; whitepaper:*; white paper:*; workbook:*; webinar:*; [webinar]*; [whitepaper]*; on-demand webinar*;
more from*; mehr aus*; mehr von*; meer uit*; meer van*; plus de*; más de*; mais de*; więcej z*; subscribe*; sign up*;
newsletter*; download the*; get our*; listen to our*; join our*; follow us*; click here*; view comments*; leave a comment*; log
in*; sign in*; register*; privacy policy*; copyright*; © copyright*;
wir über uns*; über uns*; terms of*; terms & *; terms and *; code of ethics*; dnpa *; cookie*; contact us*;
about us*; advertise with*; how to * subscribe;
corrections and*; editorial standards*; journalistic standards*; our standards*; この記事を書いた人*; submit a*; report a*;
buy tickets*; shop now*; view all*; see all*; show all*; more from*; all articles by*; view all posts by*;
posts by*; follow *; photo credit*; image credit*; skip to*; return to*; back to*; go to*; send us*; email us*;
jetzt abonnieren*; abonnieren sie*; zum newsletter*; newsletter abonnieren*; alle artikel von*; alle beiträge*; datenschutz*;
impressum*; zur startseite*; zum kommentar*; kommentieren*; mehr artikel von*; s'abonner*; abonnez-vous*; inscrivez-vous*; tous
les articles*; voir tous*; suscríbete*; ver todos*; ver todas*; iscriviti*; abbonati*; tutti gli articoli*; assine*; ver todos*;
todas as notícias*; abonneer*; alle artikelen*; meld je aan*; wszystkie*; zapisz się*; подписаться*; подпишитесь*; все новости*;
все материалы*; přihlásit*; odebírat*; prenumerera*; bli prenumerant*; abonner*; tilaa*; kirjaudu*; abone ol*; giriş yap*;
もっと見る*; 一覧を見る*; ログイン*; 会員登録*; 订阅*; 訂閱*; 登录*; 登入*; 구독*; 로그인*; اشترك*; تسجيل*; langganan*;
berlangganan*; daftar*; đăng ký*
"""
"""Titles of links that lead to a service, not to a story."""

DATE_LABELS = """
published on; published; publication date; posted on; posted; updated on; last updated; updated; on; date; first published;
uploaded; veröffentlicht am; veröffentlicht; erschienen am; aktualisiert am; aktualisiert; stand; vom; am; publié le; publié;
mis à jour le; le; publicado el; publicado en; publicado em; publicado; actualizado el; actualizado; atualizado em; pubblicato
il; pubblicato; aggiornato il; il; gepubliceerd op; gepubliceerd; geplaatst op; op; opublikowano; data publikacji; aktualizacja;
dodano; опубликовано; дата публикации; обновлено; опубліковано; publikováno; zveřejněno; vydáno; aktualizováno; publikované;
publicerad den; publicerad; publicerat; uppdaterad; publiceret; udgivet; publisert; oppdatert; julkaistu; päivitetty; yayınlanma
tarihi; yayın tarihi; yayınlandı; güncelleme; 公開日; 公開; 投稿日; 更新日; 更新; 掲載; 発表; 发布于; 发布时间; 发布; 發布於;
發布; 更新时间; 入力; 입력; 등록; 게시일; 수정;
تاريخ النشر; نشر في; نُشر في; نشر; تم النشر; منتشر شده در; פורסם; प्रकाशित; diterbitkan; dipublikasikan; terbit; đăng ngày; ngày
đăng; ngày; เผยแพร่; δημοσιεύτηκε; δημοσίευση; közzétéve; megjelent; publicat pe; publicat; publicat la; paskelbta; publicēts;
avaldatud; objavljeno; публикувано; објављено
"""
"""What stands before a date in a card."""

CREDIT_LABELS = """
photo; photos; photo by; photo credit; photograph; photograph by; image; images; image credit; picture; picture by; credit;
credits; source; courtesy; courtesy of; via; illustration; illustration by; video by; graphic; foto; fotos; bild; bilder;
bildrechte; bildquelle; quelle; fotografie; crédit; crédits; crédit photo; crédits photo; photographie; créditos; crédito; foto
de; fotografía; imagen; imagem; fonte; fuente; fotografia; immagine; credito; crediti; beeld; zdjęcie; fot; fot.; źródło; фото;
источник; иллюстрация; джерело; снимка; zdroj; kuva; lähde; fotoğraf; kaynak; görsel; 写真; 画像; 提供; 撮影; 图; 图片; 图源;
圖; 圖片; 来源; 사진;
출처; صورة; الصورة; تصوير; المصدر; عکس; צילום; फोटो; तस्वीर; sumber; ảnh; nguồn; ภาพ; φωτογραφία; πηγή; fotó; forrás; sursa;
nuotr.; nuotrauka; avots; izvor; ©; (c); copyright; dok.; dok; ist.
"""
"""What stands before a photo credit."""

AGENCIES = """
getty images; getty; reuters; associated press; ap photo; ap; afp; afp/getty images; dpa; dpa-infocom; picture alliance;
picture-alliance; imago; imago images; epa; efe; ansa; lusa; anp; belga; tt; ntb; ritzau; scanpix; lehtikuva; pap; tass; тасс;
риа новости; ria novosti; sputnik; interfax; xinhua; 新华社; kyodo; 共同; jiji; yonhap; 연합뉴스; antara; bernama; pti; ani; ians; aap;
cp; the canadian press; canadian press; pa; pa wire; pa images; pa media; press association; upi; bloomberg; zuma press; zuma;
shutterstock; rex; rex features; istock; istockphoto; alamy; alamy stock photo; adobe stock; adobestock; depositphotos;
dreamstime; 123rf; fotolia; unsplash; pexels; pixabay; flickr; wikimedia commons; wikimedia; wikipedia; creative commons;
youtube; instagram; facebook; twitter; x; tiktok; vimeo; pinterest; tumblr; reddit; linkedin; netflix; hbo; disney; nbc; cbs;
abc; fox; cnn; bbc; nasa; esa; noaa; keystone; apa; sipa; sipa press; abaca; abacapress; gamma; magnum; magnum photos; corbis;
wireimage; filmmagic; mediapunch; splash news; backgrid; polaris; contour; redux; nurphoto; anadolu; anadolu agency; aa; dha;
iha; europa press; agencia efe; agf; lapresse; ipa; fotogramma; ctk; čtk; mti; agerpres; tanjug; hina; beta; unian; унiан;
укринформ; ukrinform; wireservice; handout; courtesy photo; staff photo; file photo; stock photo; bildbyrån; all over press;
avalon; profimedia; isifa; newspix; photopress; ullstein; mauritius images; action press; eventpress; wenn; wire; sopa images
"""
"""Agencies, libraries and platforms that stand in photo credits."""


class Phrases:
    """Whole lists of phrases, to be asked whether a text is or begins with one of them."""

    __slots__ = ("_begin", "_begin_short", "_colon", "_whole", "match")

    def __init__(self, *lists: str) -> None:
        items = [item.strip().casefold() for text in lists for item in text.replace("\n", " ").split(";")]
        begin = dict.fromkeys(item[:-1].strip() for item in items if item.endswith("*"))
        self._begin: dict[str, tuple[str, ...]] = {}
        for item in begin:
            if len(item) >= _KEY:
                self._begin[item[:_KEY]] = (*self._begin.get(item[:_KEY], ()), item)
        self._begin_short = tuple(item for item in begin if len(item) < _KEY)
        self._whole = frozenset(label_form(item) for item in items if item and item[-1] not in "*:")
        self._colon = frozenset(label_form(item) for item in items if item.endswith(":"))
        self.match: Callable[[str], bool] = lru_cache(maxsize=8192)(self._match)
        """Whether the text (as shown) is one of the phrases, or begins with one marked `*` at a word's end."""

    def _match(self, text: str) -> bool:
        form = label_form(text[:MAX_PHRASE_CHARS])
        if not form:
            return False
        if form in self._whole or form.startswith(self._begin.get(form[:_KEY], ())):
            return True
        if self._begin_short and form.startswith(self._begin_short):
            return True
        return form in self._colon and text.rstrip()[-1] in ":："


_KEY = 3
"""Letters by which a phrase is found: of a thousand phrases a dozen are compared."""
MAX_PHRASE_CHARS = 120
"""Characters of a text that are compared; the longest phrase has 35."""


@lru_cache(maxsize=4096)
def label_form(text: str) -> str:
    """How a label is compared: case-folded, apostrophes plain, the dot of a folded `İ` and marks and arrows at its ends dropped."""
    if not text.isascii():
        text = text.replace("’", "'").casefold().replace("\u0307", "")
    return text.lower().strip(' \t:：.…»«›‹>|-–—►▶→←▸•*+#"“”[]()【】「」『』〈〉《》■●◆★')
