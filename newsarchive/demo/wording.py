"""The furniture words of the demo newspaper in the languages it prints, and dates as those languages write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Labels of one language."""

    site: str
    """Name of the paper's edition in that language."""
    related: str
    most_read: str
    latest: str
    read_also: str
    """Label of a promo line between the paragraphs."""
    by: str
    updated: str
    comments: str
    advertisement: str
    sponsored: str
    share: str
    newsletter: str
    months: str
    """Twelve names, separated by spaces."""
    date: str
    """Pattern with {d}, {m} (name), {n} (number) and {y}."""


WORDS = {
    "en": Words(
        site="Brindle Harbour Courier", related="Related stories", most_read="Most read", latest="Latest", read_also="Read also", by="By",
        updated="Updated", comments="comments", advertisement="Advertisement", sponsored="Sponsored", share="Share this story",
        newsletter="Get the morning briefing by e-mail",
        months="January February March April May June July August September October November December", date="{m} {d}, {y}",
    ),
    "de": Words(
        site="Brindelhafener Bote", related="Mehr zum Thema", most_read="Meistgelesen", latest="Neueste Artikel",
        read_also="Lesen Sie auch",
        by="Von", updated="Aktualisiert", comments="Kommentare", advertisement="Anzeige", sponsored="Gesponsert", share="Artikel teilen",
        newsletter="Der Newsletter am Morgen",
        months="Januar Februar März April Mai Juni Juli August September Oktober November Dezember", date="{d}. {m} {y}",
    ),
    "fr": Words(
        site="Le Courrier de Brindle", related="Sur le même sujet", most_read="Les plus lus", latest="Dernières nouvelles",
        read_also="Lire aussi", by="Par", updated="Mis à jour", comments="commentaires", advertisement="Publicité", sponsored="Sponsorisé",
        share="Partager l’article", newsletter="La lettre du matin",
        months="janvier février mars avril mai juin juillet août septembre octobre novembre décembre", date="{d} {m} {y}",
    ),
    "es": Words(
        site="El Correo de Brindle", related="Noticias relacionadas", most_read="Lo más leído", latest="Últimas noticias",
        read_also="Lea también", by="Por", updated="Actualizado", comments="comentarios", advertisement="Publicidad",
        sponsored="Patrocinado", share="Compartir", newsletter="El boletín de la mañana",
        months="enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre", date="{d} de {m} de {y}",
    ),
    "ru": Words(
        site="Вестник Бриндла", related="Материалы по теме", most_read="Самое читаемое", latest="Последние новости",
        read_also="Читайте также", by="Автор:", updated="Обновлено", comments="комментариев", advertisement="Реклама",
        sponsored="На правах рекламы", share="Поделиться", newsletter="Утренняя рассылка",
        months="января февраля марта апреля мая июня июля августа сентября октября ноября декабря", date="{d} {m} {y}",
    ),
    "ar": Words(
        site="بريد بريندل", related="مواضيع ذات صلة", most_read="الأكثر قراءة", latest="آخر الأخبار", read_also="اقرأ أيضا", by="بقلم",
        updated="آخر تحديث", comments="تعليقات", advertisement="إعلان", sponsored="محتوى برعاية", share="شارك",
        newsletter="النشرة الصباحية",
        months="يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر", date="{d} {m} {y}",
    ),
    "he": Words(
        site="שליח ברינדל", related="כתבות קשורות", most_read="הנקראות ביותר", latest="חדשות אחרונות", read_also="קראו גם", by="מאת",
        updated="עודכן", comments="תגובות", advertisement="פרסומת", sponsored="תוכן ממומן", share="שתפו", newsletter="עלון הבוקר",
        months="ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר", date="{d} ב{m} {y}",
    ),
    "ja": Words(
        site="ブリンドル港新聞", related="関連記事", most_read="アクセスランキング", latest="新着記事",
        read_also="あわせて読みたい", by="文・",
        updated="更新", comments="件のコメント", advertisement="広告", sponsored="PR", share="シェアする",
        newsletter="朝のメールマガジン",
        months="1 2 3 4 5 6 7 8 9 10 11 12", date="{y}年{n}月{d}日",
    ),
    "zh": Words(
        site="布林德港日报", related="相关阅读", most_read="热门文章", latest="最新消息", read_also="延伸阅读", by="记者",
        updated="更新", comments="条评论", advertisement="广告", sponsored="推广", share="分享", newsletter="每日早报",
        months="1 2 3 4 5 6 7 8 9 10 11 12", date="{y}年{n}月{d}日",
    ),
}  # fmt: skip
"""Language -> its words; every language of the content files is here."""


def words_of(language: str) -> Words:
    """The labels of a language (`pt-BR` counts as `pt`); KeyError for one the paper does not print."""
    return WORDS[language.split("-")[0]]


def long_date(moment: str, language: str) -> str:
    """An ISO 8601 moment as the language writes the day: `4 mars 2024`."""
    when = datetime.fromisoformat(moment)
    words = words_of(language)
    return words.date.format(d=when.day, m=words.months.split()[when.month - 1], n=when.month, y=when.year)
