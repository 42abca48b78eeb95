"""Lines that stand after the end of an article as if they were its last paragraphs: who wrote it, what readers are asked, notices.

They have the article's own markup, so that the block model takes most of them for text. Only the end of a body is looked at,
backwards, until a line is none of these.
"""

from __future__ import annotations

import re

MAX_CHARS = 1500
"""Characters. No biography or notice of one paragraph on the bench is longer."""

_ROLES = (
    "writer|editor|reporter|journalist|author|director|founder|co-founder|cofounder|ceo|cto|owner|president|attorney|lawyer|professor|"
    "contributor|columnist|correspondent|blogger|creator|specialist|consultant|analyst|manager|expert|fellow|lecturer|strategist|marketer|"
    "producer|head of|freelance|associate|partner|chair|officer|coach|copywriter|planner|therapist|physician|dietitian|engineer|scientist"
)
_NAME = r"(?:(?:Dr|Prof|Mr|Ms|Mrs)\.? )?[A-Z][\w'’.-]+(?: (?:[A-Z][\w'’.-]*|de|van|von|der|la|di|bin|al))*(?:, [^.]{0,60},)?"
BIOGRAPHY = re.compile(
    rf"\W*{_NAME} (?:is|was|has been|works as|serves as) (?:currently )?"
    rf"(?:an?|the|our|one of|founder|editor|senior|chief|director|professor|head|co-)[^.]{{0,120}}\b(?:{_ROLES})\b"
)
"""`Ilse Marten is a freelance writer...`, as written: names begin with a capital."""

_SIGNED = re.compile(
    r"\W*(?:(?:written|edited|reviewed|words|reporting|additional reporting) by\b|about the author|author:|escrito por|écrit par|"
    r"scritto da|(?:geschrieben|verfasst) von)"
)
_ASK = re.compile(
    r"\W*(?:support (?:our|us|\w+ (?:by|with|software))\b|donate\b|become an? (?:\w+ ){0,2}(?:member|subscriber|patron|supporter)|"
    r"subscribe\b|sign up\b|join (?:our|us)\b|follow (?:us|me|\w+ on)\b|rate this|share your (?:story|thoughts|views|comments|experience)|"
    r"get (?:the|our|more|\w+ \w+ \w+) .{0,80}(?:delivered|through your|newsletter|inbox|app\b)|there's plenty more|"
    r"if you (?:liked?|enjoy(?:ed)?|found) (?:this|what|our|the)|if you have (?:a|any) (?:questions?|comments?|tips?|story|feedback)|"
    r"(?:did you )?(?:like|enjoy)(?:ed)? (?:this|what)|want (?:more\b|to (?:learn|read|know) more)|thanks for reading|"
    r"(?:unterstützen|abonnieren|folgen) sie\b|hat ihnen (?:dieser|der)|melden sie sich|soutenez|abonnez-vous|inscrivez-vous|"
    r"suivez[- ]nous|vous avez aimé|apoya (?:a|nuestro|el)\b|suscríbete|síguenos|te ha gustado|sostieni|iscriviti|seguici|ti è piaciuto|"
    r"apoie|inscreva-se|siga-nos|steun ons|abonneer je|volg ons)"
)
_WORK = r"(?:article|story|post|blog|piece|report|essay|column|episode|material|information|content|publication|transcript|website|site)s?"
_NOTICE = re.compile(
    rf"\W*(?:(?:this|the|our) {_WORK} (?:(?:contained |provided |presented |on |in |herein ){{1,3}}\w+ (?:\w+ )?)?"
    r"(?:is|are|was|were|has been|may|does|should|contains?)\b (?:\w+ ){0,3}(?:published|republished|written|produced|developed|sponsored|"
    r"provided|intended|adapted|excerpted|created|translated|presented|supported|funded|purposes|advice|constitute|substitute|copyright|"
    r"affiliate|copyrighted|brought to you|made possible)|"
    r"(?:the )?(?:views|opinions)(?: and (?:views|opinions))? (?:expressed|of the|in this|are)|"
    r"(?:legal |medical |financial |important |affiliate |full )?(?:disclaimer|disclosure)s?\b|accuracy and availability|past performance|"
    r"securities (?:are )?offered|investing involves|advisory services|some of (?:my|our|the) (?:posts|links)|republish|"
    r"we (?:are happy for|offer|encourage) .{0,60}(?:republish|shared|nonexclusive)|"
    r"dieser (?:artikel|beitrag|text) (?:ist|wurde|erschien)|haftungsausschluss|cet article (?:est|a été)|les opinions exprimées|"
    r"este artículo (?:es|fue|ha sido)|las opiniones|este artigo (?:foi|é)|as opiniões|questo articolo è|le opinioni espresse|"
    r"dit artikel (?:is|verscheen|werd))"
)


def tail_rule(text: str) -> str | None:
    """The id of the rule by which a body's last block is none of it: `biography`, `call-to-readers`, `notice`; None for text."""
    if len(text) > MAX_CHARS:
        return None
    lowered = text[:300].lower()
    if _SIGNED.match(lowered) or BIOGRAPHY.match(text):
        return "biography"
    if _ASK.match(lowered):
        return "call-to-readers"
    return "notice" if _NOTICE.match(lowered) else None
