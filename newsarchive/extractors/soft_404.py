"""Pages that say "not found" with status 200: the words sites use for it, in many languages, as data."""

from __future__ import annotations

import re

MAX_ERROR_CHARS = 1200
"""Characters of body. Error pages with apologies and advice have up to some hundred; an article about 404 pages has more."""

_TITLES = """
page not found; not found; 404; 404 not found; error 404; 404 error; http 404; 404 page not found; page does not exist;
page no longer exists; page no longer available; page unavailable; content not found; content unavailable; content not available;
article not found; story not found; file not found; nothing found; oops! that page can't be found; this page could not be found;
this page doesn't exist; we could not find that page; we couldn't find that page; we can't find that page;
we cannot find that page; we can't find the page you're looking for; the page you requested could not be found;
the page you are looking for could not be found; the page you were looking for doesn't exist; seite nicht gefunden;
seite nicht verfügbar; seite wurde nicht gefunden; die seite wurde nicht gefunden; diese seite existiert nicht; fehler 404;
artikel nicht gefunden; inhalt nicht gefunden; page introuvable; page non trouvée; page inexistante; erreur 404;
cette page n'existe pas; la page demandée n'existe pas; contenu introuvable; article introuvable; página no encontrada;
pagina no encontrada; página no disponible; error 404; la página no existe; no se encontró la página;
no hemos encontrado la página; contenido no encontrado; pagina non trovata; errore 404; la pagina non esiste; pagina inesistente;
página não encontrada; erro 404; a página não existe; conteúdo não encontrado; pagina niet gevonden; fout 404;
deze pagina bestaat niet; nie znaleziono strony; strona nie istnieje; strona nie została znaleziona; błąd 404;
stránka nenalezena; stránka nebyla nalezena; stránka nenájdená; chyba 404; страница не найдена; ошибка 404;
такой страницы не существует; страница не существует; сторінку не знайдено; помилка 404; страницата не е намерена;
sidan hittades inte; sidan kunde inte hittas; siden blev ikke fundet; siden findes ikke; siden ble ikke funnet; fant ikke siden;
sivua ei löytynyt; sivua ei löydy; lehekülge ei leitud; lapa nav atrasta; puslapis nerastas; sayfa bulunamadı; hata 404;
az oldal nem található; pagina nu a fost găsită; pagina nu există; stranica nije pronađena; stran ni najdena;
η σελίδα δεν βρέθηκε; σφάλμα 404; ページが見つかりません; ページが見つかりませんでした; お探しのページは見つかりませんでした;
お探しのページは存在しません; 記事が見つかりません; 页面不存在; 页面未找到; 找不到页面; 您访问的页面不存在; 找不到網頁;
頁面不存在; 找不到頁面; 페이지를 찾을 수 없습니다; 존재하지 않는 페이지입니다; الصفحة غير موجودة; لم يتم العثور على الصفحة;
صفحه یافت نشد; הדף לא נמצא; העמוד לא נמצא; पृष्ठ नहीं मिला; पेज नहीं मिला; halaman tidak ditemukan; không tìm thấy trang;
trang không tồn tại; ไม่พบหน้านี้; ไม่พบหน้าที่คุณต้องการ
"""

_APOLOGY = re.compile(
    r"^(?:(?:oops|sorry|hoppla|ups|uups|désolée?|pardon|lo sentimos|perdón|ops|desculpe|beklager|tyvärr|извините|упс|"
    r"申し訳ありません|抱歉|对不起)\W+)+",
    re.I,
)
_ENDS = " \t!.,:;?¡¿…-–—|»«\"'’。！"
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'"})


def _plain(text: str) -> str:
    folded = " ".join(text.translate(_APOSTROPHES).casefold().split())
    return _APOLOGY.sub("", folded).strip(_ENDS)


_KNOWN = frozenset(_plain(phrase) for phrase in _TITLES.split(";"))
_PARTS = re.compile(r"\s[|»–—·:/-]\s|[:|»]\s")


def is_soft_404(titles: list[str], *, body_chars: int) -> bool:
    """Whether one of a page's titles (as shown, or of its head) says that there is no such page.

    The whole title must say so, the site's name and an apology aside: a headline that merely contains the words is none.
    Pages with more than `MAX_ERROR_CHARS` of body are left alone.
    """
    if body_chars > MAX_ERROR_CHARS:
        return False
    return any(_plain(part) in _KNOWN for title in titles for part in (title, *_PARTS.split(title)) if part.strip())
