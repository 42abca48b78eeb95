"""Month names and words of time in the languages of the press: the vocabulary of `dates.py`.

The month names are those of the Unicode CLDR (format and stand-alone, wide and abbreviated), written down once from
the copy in Babel, so that nothing is loaded at run time; the additions are forms that newspapers use beside them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_MONTHS = """
en: january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, september sep, october oct, november nov, december dec
de: januar jan, februar feb, märz mär, april apr, mai, juni jun, juli jul, august aug, september sept sep, oktober okt, november nov, dezember dez
fr: janvier janv, février févr, mars, avril avr, mai, juin, juillet juil, août, septembre sept, octobre oct, novembre nov, décembre déc
es: enero ene, febrero feb, marzo mar, abril abr, mayo may, junio jun, julio jul, agosto ago, septiembre sept, octubre oct, noviembre nov, diciembre dic
it: gennaio gen, febbraio feb, marzo mar, aprile apr, maggio mag, giugno giu, luglio lug, agosto ago, settembre set, ottobre ott, novembre nov, dicembre dic
pt: janeiro jan, fevereiro fev, março mar, abril abr, maio mai, junho jun, julho jul, agosto ago, setembro set, outubro out, novembro nov, dezembro dez
nl: januari jan, februari feb, maart mrt, april apr, mei, juni jun, juli jul, augustus aug, september sep, oktober okt, november nov, december dec
da: januar jan, februar feb, marts mar, april apr, maj, juni jun, juli jul, august aug, september sep, oktober okt, november nov, december dec
sv: januari jan, februari feb, mars, april apr, maj, juni, juli, augusti aug, september sep, oktober okt, november nov, december dec
nb: januar jan, februar feb, mars mar, april apr, mai, juni jun, juli jul, august aug, september sep, oktober okt, november nov, desember des
fi: tammikuuta tammikuu tammi, helmikuuta helmikuu helmi, maaliskuuta maaliskuu maalis, huhtikuuta huhtikuu huhti, toukokuuta toukokuu touko, kesäkuuta kesäkuu kesä, heinäkuuta heinäkuu heinä, elokuuta elokuu elo, syyskuuta syyskuu syys, lokakuuta lokakuu loka, marraskuuta marraskuu marras, joulukuuta joulukuu joulu
is: janúar jan, febrúar feb, mars mar, apríl apr, maí, júní jún, júlí júl, ágúst ágú, september sep, október okt, nóvember nóv, desember des
pl: stycznia styczeń sty, lutego luty lut, marca marzec mar, kwietnia kwiecień kwi, maja maj, czerwca czerwiec cze, lipca lipiec lip, sierpnia sierpień sie, września wrzesień wrz, października październik paź, listopada listopad lis, grudnia grudzień gru
cs: ledna leden led, února únor úno, března březen bře, dubna duben dub, května květen kvě, června červen čvn, července červenec čvc, srpna srpen srp, září zář, října říjen říj, listopadu listopad lis, prosince prosinec pro
sk: januára január jan, februára február feb, marca marec mar, apríla apríl apr, mája máj, júna jún, júla júl, augusta august aug, septembra september sep, októbra október okt, novembra november nov, decembra december dec
sl: januar jan, februar feb, marec mar, april apr, maj, junij jun, julij jul, avgust avg, september sep, oktober okt, november nov, december dec
hr: siječnja siječanj sij, veljače veljača velj, ožujka ožujak ožu, travnja travanj tra, svibnja svibanj svi, lipnja lipanj lip, srpnja srpanj srp, kolovoza kolovoz kol, rujna rujan ruj, listopada listopad lis, studenoga studeni stu, prosinca prosinac pro
sr: јануар јан, фебруар феб, март мар, април апр, мај, јун, јул, август авг, септембар сеп, октобар окт, новембар нов, децембар дец
bs: januar jan, februar feb, mart mar, april apr, maj, juni jun, juli jul, august aug, septembar sep, oktobar okt, novembar nov, decembar dec
mk: јануари јан, февруари фев, март мар, април апр, мај, јуни јун, јули јул, август авг, септември сеп, октомври окт, ноември ное, декември дек
bg: януари яну, февруари фев, март, април апр, май, юни, юли, август авг, септември сеп, октомври окт, ноември ное, декември дек
ru: января январь янв, февраля февраль февр, марта март мар, апреля апрель апр, мая май, июня июнь июн, июля июль июл, августа август авг, сентября сентябрь сент, октября октябрь окт, ноября ноябрь нояб, декабря декабрь дек
uk: січня січень січ, лютого лютий лют, березня березень бер, квітня квітень квіт, травня травень трав, червня червень черв, липня липень лип, серпня серпень серп, вересня вересень вер, жовтня жовтень жовт, листопада листопад лист, грудня грудень груд
be: студзеня студзень сту, лютага люты лют, сакавіка сакавік сак, красавіка красавік кра, мая май, чэрвеня чэрвень чэр, ліпеня ліпень ліп, жніўня жнівень жні, верасня верасень вер, кастрычніка кастрычнік кас, лістапада лістапад ліс, снежня снежань сне
lt: sausio sausis saus, vasario vasaris vas, kovo kovas kov, balandžio balandis bal, gegužės gegužė geg, birželio birželis birž, liepos liepa liep, rugpjūčio rugpjūtis rugp, rugsėjo rugsėjis rugs, spalio spalis spal, lapkričio lapkritis lapkr, gruodžio gruodis gruod
lv: janvāris janv, februāris febr, marts, aprīlis apr, maijs, jūnijs jūn, jūlijs jūl, augusts aug, septembris sept, oktobris okt, novembris nov, decembris dec
et: jaanuar jaan, veebruar veebr, märts, aprill apr, mai, juuni, juuli, august aug, september sept, oktoober okt, november nov, detsember dets
hu: január jan, február febr, március márc, április ápr, május máj, június jún, július júl, augusztus aug, szeptember szept, október okt, november nov, december dec
ro: ianuarie ian, februarie feb, martie mar, aprilie apr, mai, iunie iun, iulie iul, august aug, septembrie sept, octombrie oct, noiembrie nov, decembrie dec
sq: janar jan, shkurt shk, mars mar, prill pri, maj, qershor qer, korrik korr, gusht gush, shtator sht, tetor tet, nëntor nën, dhjetor dhj
el: ιανουαρίου ιανουάριος ιαν, φεβρουαρίου φεβρουάριος φεβ, μαρτίου μάρτιος μαρ μάρ, απριλίου απρίλιος απρ, μαΐου μάιος μαΐ μάι, ιουνίου ιούνιος ιουν ιούν, ιουλίου ιούλιος ιουλ ιούλ, αυγούστου αύγουστος αυγ αύγ, σεπτεμβρίου σεπτέμβριος σεπ, οκτωβρίου οκτώβριος οκτ, νοεμβρίου νοέμβριος νοε νοέ, δεκεμβρίου δεκέμβριος δεκ
tr: ocak oca, şubat şub, mart mar, nisan nis, mayıs may, haziran haz, temmuz tem, ağustos ağu, eylül eyl, ekim eki, kasım kas, aralık ara
az: yanvar yan, fevral fev, mart mar, aprel apr, may, iyun iyn, iyul iyl, avqust avq, sentyabr sen, oktyabr okt, noyabr noy, dekabr dek
kk: қаңтар қаң, ақпан ақп, наурыз нау, сәуір сәу, мамыр мам, маусым мау, шілде шіл, тамыз там, қыркүйек қыр, қазан қаз, қараша қар, желтоқсан жел
ka: იანვარი იან, თებერვალი თებ, მარტი მარ, აპრილი აპრ, მაისი მაი, ივნისი ივნ, ივლისი ივლ, აგვისტო აგვ, სექტემბერი სექ, ოქტომბერი ოქტ, ნოემბერი ნოე, დეკემბერი დეკ
hy: հունվարի հունվար հնվ, փետրվարի փետրվար փտվ, մարտի մարտ մրտ, ապրիլի ապրիլ ապր, մայիսի մայիս մյս, հունիսի հունիս հնս, հուլիսի հուլիս հլս, օգոստոսի օգոստոս օգս, սեպտեմբերի սեպտեմբեր սեպ, հոկտեմբերի հոկտեմբեր հոկ, նոյեմբերի նոյեմբեր նոյ, դեկտեմբերի դեկտեմբեր դեկ
he: ינואר ינו, פברואר פבר, מרץ, אפריל אפר, מאי, יוני, יולי, אוגוסט אוג, ספטמבר ספט, אוקטובר אוק, נובמבר נוב, דצמבר דצמ
ar: يناير, فبراير, مارس, أبريل, مايو, يونيو, يوليو, أغسطس, سبتمبر, أكتوبر, نوفمبر, ديسمبر
fa: ژانویهٔ ژانویه, فوریهٔ فوریه, مارس, آوریل, مهٔ مه, ژوئن, ژوئیهٔ ژوئیه, اوت, سپتامبر, اکتبر, نوامبر, دسامبر
ur: جنوری, فروری, مارچ, اپریل, مئی, جون, جولائی, اگست, ستمبر, اکتوبر, نومبر, دسمبر
hi: जनवरी जन, फ़रवरी फ़र, मार्च, अप्रैल, मई, जून, जुलाई जुल, अगस्त अग, सितंबर सित, अक्टूबर अक्टू, नवंबर नव, दिसंबर दिस
bn: জানুয়ারী জানু, ফেব্রুয়ারী ফেব, মার্চ, এপ্রিল এপ্রি, মে, জুন, জুলাই জুল, আগস্ট আগ, সেপ্টেম্বর সেপ, অক্টোবর অক্টো, নভেম্বর নভে, ডিসেম্বর ডিসে
mr: जानेवारी जाने, फेब्रुवारी फेब्रु, मार्च, एप्रिल एप्रि, मे, जून, जुलै, ऑगस्ट ऑग, सप्टेंबर सप्टें, ऑक्टोबर ऑक्टो, नोव्हेंबर नोव्हें, डिसेंबर डिसें
gu: જાન્યુઆરી જાન્યુ, ફેબ્રુઆરી ફેબ્રુ, માર્ચ, એપ્રિલ, મે, જૂન, જુલાઈ, ઑગસ્ટ, સપ્ટેમ્બર સપ્ટે, ઑક્ટોબર ઑક્ટો, નવેમ્બર નવે, ડિસેમ્બર ડિસે
pa: ਜਨਵਰੀ ਜਨ, ਫ਼ਰਵਰੀ ਫ਼ਰ, ਮਾਰਚ, ਅਪ੍ਰੈਲ ਅਪ੍ਰੈ, ਮਈ, ਜੂਨ, ਜੁਲਾਈ ਜੁਲਾ, ਅਗਸਤ ਅਗ, ਸਤੰਬਰ ਸਤੰ, ਅਕਤੂਬਰ ਅਕਤੂ, ਨਵੰਬਰ ਨਵੰ, ਦਸੰਬਰ ਦਸੰ
ta: ஜனவரி ஜன, பிப்ரவரி பிப், மார்ச் மார், ஏப்ரல் ஏப், மே, ஜூன், ஜூலை, ஆகஸ்ட் ஆக, செப்டம்பர் செப், அக்டோபர் அக், நவம்பர் நவ, டிசம்பர் டிச
te: జనవరి జన, ఫిబ్రవరి ఫిబ్ర, మార్చి, ఏప్రిల్ ఏప్రి, మే, జూన్, జులై, ఆగస్టు ఆగ, సెప్టెంబర్ సెప్టెం, అక్టోబర్ అక్టో, నవంబర్ నవం, డిసెంబర్ డిసెం
kn: ಜನವರಿ ಜನ, ಫೆಬ್ರವರಿ ಫೆಬ್ರ, ಮಾರ್ಚ್, ಏಪ್ರಿಲ್ ಏಪ್ರಿ, ಮೇ, ಜೂನ್, ಜುಲೈ, ಆಗಸ್ಟ್ ಆಗ, ಸೆಪ್ಟೆಂಬರ್ ಸೆಪ್ಟೆಂ, ಅಕ್ಟೋಬರ್ ಅಕ್ಟೋ, ನವೆಂಬರ್ ನವೆಂ, ಡಿಸೆಂಬರ್ ಡಿಸೆಂ
ml: ജനുവരി ജനു, ഫെബ്രുവരി ഫെബ്രു, മാർച്ച് മാർ, ഏപ്രിൽ ഏപ്രി, മേയ്, ജൂൺ, ജൂലൈ, ഓഗസ്റ്റ് ഓഗ, സെപ്റ്റംബർ സെപ്റ്റം, ഒക്ടോബർ ഒക്ടോ, നവംബർ നവം, ഡിസംബർ ഡിസം
si: ජනවාරි ජන, පෙබරවාරි පෙබ, මාර්තු මාර්, අප්රේල්, මැයි, ජූනි, ජූලි, අගෝස්තු අගෝ, සැප්තැම්බර් සැප්, ඔක්තෝබර් ඔක්, නොවැම්බර් නොවැ, දෙසැම්බර් දෙසැ
ne: जनवरी, फेब्रुअरी, मार्च, अप्रिल, मे, जुन, जुलाई, अगस्ट, सेप्टेम्बर, अक्टोबर, नोभेम्बर, डिसेम्बर
th: มกราคม ม.ค, กุมภาพันธ์ ก.พ, มีนาคม มี.ค, เมษายน เม.ย, พฤษภาคม พ.ค, มิถุนายน มิ.ย, กรกฎาคม ก.ค, สิงหาคม ส.ค, กันยายน ก.ย, ตุลาคม ต.ค, พฤศจิกายน พ.ย, ธันวาคม ธ.ค
id: januari jan, februari feb, maret mar, april apr, mei, juni jun, juli jul, agustus agu, september sep, oktober okt, november nov, desember des
ms: januari jan, februari feb, mac, april apr, mei, jun, julai jul, ogos ogo, september sep, oktober okt, november nov, disember dis
tl: enero ene, pebrero peb, marso mar, abril abr, mayo may, hunyo hun, hulyo hul, agosto ago, setyembre set, oktubre okt, nobyembre nob, disyembre dis
sw: januari jan, februari feb, machi mac, aprili apr, mei, juni jun, julai jul, agosti ago, septemba sep, oktoba okt, novemba nov, desemba des
zu: januwari jan, februwari feb, mashi mas, ephreli eph, meyi mey, juni jun, julayi jul, agasti aga, septhemba sep, okthoba okt, novemba nov, disemba dis
af: januarie jan, februarie feb, maart mrt, april apr, mei, junie jun, julie jul, augustus aug, september sep, oktober okt, november nov, desember des
ca: gener gen, febrer febr, març, abril abr, maig, juny, juliol jul, agost ag, setembre set, octubre oct, novembre nov, desembre des
gl: xaneiro xan, febreiro feb, marzo mar, abril abr, maio, xuño, xullo xul, agosto ago, setembro set, outubro out, novembro nov, decembro dec
eu: urtarrila urt, otsaila ots, martxoa mar, apirila api, maiatza mai, ekaina eka, uztaila uzt, abuztua abu, iraila ira, urria urr, azaroa aza, abendua abe
ga: eanáir ean, feabhra feabh, márta, aibreán aib, bealtaine beal, meitheamh meith, iúil, lúnasa lún, mfómh, dfómh, samhain samh, nollaig noll
cy: ionawr ion, chwefror chwef chw, mawrth maw, ebrill ebr, mai, mehefin meh, gorffennaf gorff gor, awst, medi, hydref hyd, tachwedd tach, rhagfyr rhag
mt: jannar jan, frar fra, marzu mar, april apr, mejju mej, ġunju ġun, lulju lul, awwissu aww, settembru set, ottubru ott, novembru nov, diċembru diċ
lb: januar jan, februar feb, mäerz mäe, abrëll abr, mee, juni jun, juli jul, august aug, september sep, oktober okt, november nov, dezember dez
km: មករា, កុម្ភៈ, មីនា, មេសា, ឧសភា, មិថុនា, កក្កដា, សីហា, កញ្ញា, តុលា, វិច្ឆិកា, ធ្នូ
lo: ມັງກອນ ມ.ກ, ກຸມພາ ກ.ພ, ມີນາ ມ.ນ, ເມສາ ມ.ສ, ພຶດສະພາ ພ.ພ, ມິຖຸນາ ມິ.ຖ, ກໍລະກົດ ກ.ລ, ສິງຫາ ສ.ຫ, ກັນຍາ ກ.ຍ, ຕຸລາ ຕ.ລ, ພະຈິກ ພ.ຈ, ທັນວາ ທ.ວ
my: ဇန်နဝါရီ ဇန်, ဖေဖော်ဝါရီ ဖေ, မတ်, ဧပြီ, မေ, ဇွန်, ဇူလိုင် ဇူ, ဩဂုတ်, စက်တင်ဘာ စက်, အောက်တိုဘာ အောက်, နိုဝင်ဘာ နို, ဒီဇင်ဘာ ဒီ
"""  # noqa: E501 - one language a line reads better than a wrapped table

_ADDITIONS = {
    "en": {"sept": 9, "sep": 9, "febr": 2, "octob": 10},
    "de": {"jänner": 1, "jän": 1, "feber": 2, "maerz": 3, "mrz": 3},
    "fr": {"fév": 2, "fev": 2, "avr": 4, "juill": 7, "jui": 6, "déc": 12, "jan": 1, "mar": 3},
    "es": {"setiembre": 9, "sep": 9, "set": 9},
    "nl": {"mar": 3, "maa": 3},
    "pl": {"wrzesnia": 9, "pazdziernika": 10, "października": 10},
    "ru": {"фев": 2, "сен": 9, "ноя": 11, "июнь": 6, "июль": 7},
    "uk": {"лис": 11, "жов": 10, "вер": 9, "гру": 12},
    "tr": {"agustos": 8, "subat": 2},
    "id": {"agt": 8, "agus": 8, "nop": 11, "nopember": 11, "pebruari": 2},
    "hi": {"सितम्बर": 9, "नवम्बर": 11, "दिसम्बर": 12, "जन": 1, "फरवरी": 2, "अक्तूबर": 10},
    "bn": {"জানুয়ারি": 1, "ফেব্রুয়ারি": 2},
    "ar": {
        "جانفي": 1, "فيفري": 2, "أفريل": 4, "ابريل": 4, "ماي": 5, "جوان": 6, "جويلية": 7, "أوت": 8, "اغسطس": 8, "اكتوبر": 10,
        "شباط": 2, "آذار": 3, "نيسان": 4, "أيار": 5, "حزيران": 6, "تموز": 7, "آب": 8, "أيلول": 9,
    },
    "zu": {"kujanuwari": 1, "kufebruwari": 2},
    "ro": {"noi": 11, "mai": 5},
    "no": {},
}  # fmt: skip
"""Language -> form -> month: Austrian, Maghrebi and Levantine names, spellings without accents, press abbreviations."""

_SAME = {"no": "nb", "nn": "nb", "fil": "tl", "iw": "he", "in": "id", "mo": "ro", "sh": "bs", "prs": "fa"}

THAI_MONTH_ERA = 543
"""Years. The Thai (Buddhist) year is the Gregorian one plus 543."""

YEAR_OF_REIWA = 2018
"""Reiwa 1 is 2019; newspapers in Japan date by it beside the Gregorian year."""

MERIDIEM = {
    "am": 0, "a.m": 0, "a.m.": 0, "오전": 0, "上午": 0, "午前": 0, "凌晨": 0, "早上": 0, "πμ": 0, "π.μ.": 0, "ص": 0, "sa": 0,
    "pm": 12, "p.m": 12, "p.m.": 12, "오후": 12, "下午": 12, "午後": 12, "晚上": 12, "μμ": 12, "μ.μ.": 12, "م": 12, "ch": 12,
}  # fmt: skip
"""Half of the day -> hours to add."""

ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "eet": 120,
    "eest": 180, "msk": 180, "sast": 120, "wat": 60, "eat": 180, "cat": 120, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "jst": 540, "kst": 540, "hkt": 480,
    "sgt": 480, "pkt": 300, "wib": 420, "aest": 600, "aedt": 660, "awst": 480, "nzst": 720, "nzdt": 780, "мск": 180,
}  # fmt: skip
"""Zone name -> minutes east of Greenwich, as RFC 822 and the press use them. Names with two meanings (IST, ET) are left out."""

_RELATIVE = """
minute: minute minutes min mins minuto minutos minuti minut minuten minuty minuter minutter minuta minutę мин минут минуты минуту хвилин хвилини dakika phút menit minit 分 分钟 分鐘 分前 분 دقيقة دقائق मिनट λεπτά perc minuuttia
hour: hour hours hr hrs h hora horas heure heures ora ore stunde stunden std uur uren timme timmar time timer godzin godziny godzinę час часа часов годин години saat giờ jam 小时 小時 時間 시간 ساعة ساعات घंटे घंटा ώρες ώρα óra órája tuntia hodin hodinami tím klst
day: day days día días dia dias jour jours giorno giorni tag tage tagen dag dagen dagar dager dage dzień dni день дня дней дні днів gün ngày hari 天 日 일 يوم أيام दिन ημέρες ημέρα μέρες nap napja päivää dny dnů dnem
week: week weeks semana semanas semaine semaines settimana settimane woche wochen weken vecka veckor uke uker uge uger tydzień tygodnie tygodni неделю недели недель тиждень тижні hafta tuần minggu 周 週間 주 أسبوع أسابيع हफ्ते εβδομάδες hete viikkoa týdny
month: month months mes meses mois mese mesi monat monate monaten maand maanden månad månader måned måneder miesiąc miesiące miesięcy месяц месяца месяцев місяць місяці ay tháng bulan 个月 個月 か月 ヶ月 개월 شهر أشهر महीने μήνες hónapja kuukautta měsíci
year: year years año años ano anos an ans anno anni jahr jahre jahren jaar år rok lata lat год года лет рік роки yıl năm tahun 年 년 سنة سنوات साल έτη éve vuotta lety
ago: a acum ago atrás ezelőtt fa geleden ha hace há il lalu pirms prieš před sedan siden sitten tagasi temu trước vor y önce πριν назад тому قبل منذ पहले 前 전
0: today heute hoy aujourd'hui aujourd’hui oggi hoje vandaag idag i_dag dzisiaj dziś сегодня сьогодні bugün 今天 今日 오늘 اليوم आज σήμερα tänään dnes
1: yesterday gestern ayer hier ieri ontem gisteren igår i_går wczoraj вчера вчора dün 昨天 昨日 어제 أمس χθες tegnap eilen včera
"""  # noqa: E501 - as above


def month_names() -> Iterator[tuple[str, int, str]]:
    """(language, month, name) of every form in the table, in its order."""
    for line in _MONTHS.strip().splitlines():
        language, names = line.split(": ", 1)
        for month, forms in enumerate(names.split(", "), start=1):
            for form in forms.split():
                yield language, month, form


@lru_cache(maxsize=1)
def _months() -> dict[str, dict[str, int]]:
    """Folded month name -> language -> month."""
    table: dict[str, dict[str, int]] = {}
    for language, month, form in month_names():
        for spelling in _spellings(form):
            table.setdefault(spelling, {})[language] = month
            if language == "he":
                table.setdefault(IN_HEBREW + spelling, {})[language] = month
    for language, added in _ADDITIONS.items():
        for form, month in added.items():
            for spelling in _spellings(form):
                table.setdefault(spelling, {})[language] = month
    return table


IN_HEBREW = "ב"
"""What Hebrew writes before a month, in one word with it, for "in"."""


def _spellings(form: str) -> set[str]:
    """How a month name is met: as written, without accents, and as capitals fold where those lose a dot (`KASIM`)."""
    return {fold_word(form), unaccented(form), fold_word(form).replace("ı", "i")}


def fold_word(word: str) -> str:
    """Lower case, NFC, without the stops and joiners that abbreviations and Indic or Persian spellings carry."""
    word = unicodedata.normalize("NFC", word.casefold().replace("\u200c", "").replace("\u200d", "").replace("\u0307", ""))
    return word.strip(". ׳'’॰,")


def unaccented(word: str) -> str:
    """`fold_word` without the accents of Latin and Greek letters; other scripts keep their marks, which are letters there."""
    folded = fold_word(word)
    if folded.isascii() or not any(char < "\u0400" for char in folded):
        return folded
    return "".join(char for char in unicodedata.normalize("NFD", folded) if not unicodedata.combining(char))


def month_number(word: str, language: str | None = None) -> int | None:
    """The month a word names; None for no month, or for one that two languages read differently and `language` does not settle."""
    meanings = _months().get(fold_word(word))
    if not meanings:
        return None
    months = set(meanings.values())
    if len(months) == 1:
        return months.pop()
    base = (language or "").lower().replace("_", "-").split("-")[0]
    return meanings.get(_SAME.get(base, base))


@lru_cache(maxsize=1)
def _relative() -> dict[str, frozenset[str]]:
    table = dict(line.split(": ", 1) for line in _RELATIVE.strip().splitlines())
    return {key: frozenset(fold_word(word.replace("_", " ")) for word in words.split()) for key, words in table.items()}


@lru_cache(maxsize=1)
def unit_words() -> dict[str, str]:
    """Word -> unit (`minute` to `year`) of a relative date."""
    return {word: unit for unit, words in _relative().items() if unit.isalpha() and unit != "ago" for word in words}


def ago_words() -> frozenset[str]:
    """Words of which one stands beside a relative date."""
    return _relative()["ago"]


@lru_cache(maxsize=1)
def day_words() -> dict[str, int]:
    """Word such as `yesterday` -> days before the page was fetched."""
    return {word: int(days) for days, words in _relative().items() if days.isdigit() for word in words}
