"""The words of many languages by which a line shows that it is not an article's text. Compared with its beginning."""

from __future__ import annotations

import re


def _starts(*parts: str) -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:{'|'.join(parts)})", re.IGNORECASE)


def _within(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


def _whole(*parts: str) -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:{'|'.join(parts)})\W*$", re.IGNORECASE)


# Leads to another story.
LEADS = _starts(
    r"related(?: (?:stor(?:y|ies)|articles?|news|coverage|content|links?|topics?|roundup|posts?|reading|videos?))?\b",
    r"(?:also )?read(?: (?:more|also|next|this|the full story|our))+\b|also (?:read|see|on|watch)\b|read ?[:|]",
    r"see (?:also|more|related)\b|more (?:on|from|about|stories|news|coverage|like this|great)\b|more ?[:>]|must[ -]read",
    r"don[’'´]?t miss",
    r"you (?:may|might) (?:also )?(?:like|be interested)|recommended(?: for you| stories| reading)?\b",
    r"most (?:read|popular|viewed|shared)\b",
    r"trending\b|what to read next|up next\b|editors?[’']? picks?|keep reading|continue reading|(?:story|article) continues\b",
    r"click here\b",
    r"lesen sie auch|mehr (?:zum thema|dazu|lesen)|auch interessant|das könnte sie|zum thema\b|siehe auch|weiterlesen",
    r"[àa] lire\b|lire (?:aussi|également|la suite|plus)|voir aussi|sur le même sujet|pour aller plus loin",
    r"le[ae]r? (?:también|además|tambien|más)|lea aquí|te puede interesar|ver (?:también|más)|más (?:sobre|información)\b",
    r"noticias? relacionad",
    r"le(?:ia|r) (?:também|mais)|saiba mais|veja (?:também|mais)|mais sobre\b|leggi (?:anche|qui|di più)",
    r"ti potrebbe interessare|vedi anche",
    r"lees (?:ook|meer|verder)|bekijk ook|läs (?:också|mer|även)|les (?:også|mer)|læs (?:også|mere)|lue (?:myös|lisää)",
    r"(?:czytaj|zobacz) (?:też|także|więcej|również)|čtěte také|přečtěte si|citi(?:ți|ţi|te) și|διαβάστε (?:επίσης|ακόμη|και)",
    r"baca juga|simak juga|xem thêm|đọc thêm|tin liên quan|(?:ilgili|benzer) haber|ayrıca oku",
    r"читайте (?:также|ещ[её]|також)|читать (?:также|далее)|смотрите также|(?:материалы )?по теме\b|ещ[её] по теме",
    r"[اإأ]قر[أا] (?:أيضا|أيضاً|ايضا|المزيد)|طالع أيضا|شاهد أيضا|مواضيع ذات صلة|أخبار ذات صلة|بیشتر بخوانید|همچنین بخوانید",
    r"קראו (?:גם|עוד)|כתבות נוספות",
    r"यह भी पढ़ें|ये भी पढ़ें|इसे भी पढ़ें|और पढ़ें|อ่าน(?:เพิ่มเติม|ต่อ)|ข่าวที่เกี่ยวข้อง",
    r"관련 ?(?:기사|뉴스|글|영상)|함께 ?(?:보면|읽으면|볼)|이 ?기사도|주요 ?(?:기사|뉴스)|인기 ?(?:기사|뉴스)|많이 ?본",
    r"추천 ?(?:기사|뉴스)|더 ?보기",
    r"関連(?:記事|ニュース|リンク)|あわせて読みたい|おすすめ記事|続きを読む|人気記事|アクセスランキング",
    r"相关(?:阅读|新闻|报道|文章|链接)|相關(?:閱讀|新聞|報導|文章)|延伸(?:阅读|閱讀)|推荐阅读|更多(?:新闻|報導|报道)",
)

# Leads away too where it is mostly a link; else it may be a heading of the text.
LEADS_LINKED = _starts(
    r"(?:watch|video|in pictures|photos|gallery|insight|reaction|live|opinion|explainer|analysis)\b",
    r"(?:timeline|listen|podcast|exclusive|background)\b",
    r"(?:learn|find out|read) more|from the archives?|more\b|here[’']s\b|▶|☞|👉|►|→|»|\[|【|▲|■",
)

# A line that is only a control or a sign of the page.
CONTROL = _whole(
    r"(?:click to )?(?:tweet|share|copy link|print|save)(?: (?:this|on|via|with|article|story|link|page|facebook|twitter|x|email)){0,4}",
    r"link copied",
    r"share (?:on|via|to|this)(?: \w+){0,3}|advertise?ments?|ad|anzeige|werbung|publicité|publicidad|publicidade|pubblicità",
    r"реклама|広告|광고|广告|廣告|إعلان|reklam",
    r"sponsored(?: content)?|promoted|leave a (?:comment|reply)|\d* ?comments?|loading|play(?: video)?|getty images|close|menu",
    r"skip to [\w ]{0,30}",
    r"enlarge(?: image)?|expand|listen(?: to this article)?|(?:story|article) continues (?:below|after)[\w ]{0,20}",
    r"scroll (?:down|to continue)[\w ]{0,20}",
    r"(?:view|see) (?:gallery|photos|all|comments)|\d+ ?(?:shares?|views?)|back to top|post|follow(?: us)?|subscribe(?: now)?",
    r"sign (?:up|in)(?: now)?|log in",
    r"기사 ?(?:공유|저장|듣기)|글자 ?크기[\w ]{0,10}|본문|댓글|공유(?:하기)?|인쇄(?:하기)?|印刷|分享|收藏|打印|シェア(?:する)?",
    r"поделиться|комментарии",
    r"teilen|drucken|kommentare|partager|imprimer|commentaires|compartir|imprimir|comentarios|compartilhar|condividi|stampa",
    r"paylaş|bagikan|chia sẻ",
)

_SITES = r"(?:twitter|facebook|x|instagram|telegram|whatsapp|linkedin|youtube|threads|bluesky|google(?: news)?|tiktok|apple news|flipboard)"
_OFFERS = r"(?:newsletters?|inbox|app|subscri\w+|membership|e-?mail alerts?|notifications?|magazine|letterbox)"
_PUBLISHED = r"(?:published|copyright|appeared|reprinted|reproduced|republished|licensed|generated|syndicated|adapted)"
_WORK = r"(?:article|story|piece|post|report|content|text|copy|material|document|page|work)"

# What trails an article even as a whole sentence: how to follow, reach or pay, who else worked on it, whose it is.
TRAILS = _starts(
    rf"(?:you can )?(?:follow|like|join|find) (?:us|our|@|(?:[\w’'.@]+ ){{1,8}}on {_SITES}\b)|(?:you can )?follow (?:me|him|her|them)\b",
    r"(?:e-?mail|contact|write to|reach|tweet|send)\b.{0,120}(?:@|https?:|www\.|\[email)",
    rf"(?:subscribe|sign up|sign-up|register|download|get) .{{0,200}}\b{_OFFERS}\b",
    r"like this (?:story|article)|did you (?:like|enjoy) this|enjoyed this|got a (?:tip|story|news)",
    r"do you have (?:a (?:tip|story)|information)|have a (?:tip|story)\b",
    r"join the (?:conversation|discussion|debate)|support (?:us|our (?:work|journalism|reporting)|independent|quality) ",
    r"become a (?:member|supporter|subscriber|patron)",
    r"\(?(?:additional )?(?:reporting|writing|editing|edited|written|compiled|translated|produced|photography|graphics?)(?: and \w+)? by ",
    r"(?:[\w’'.&-]+ ){0,6}(?:writers?|reporters?|correspondents?|journalists?|staff) .{1,160}\bcontributed\b",
    rf".{{3,160}}\bcontributed (?:to this {_WORK}|reporting|additional reporting)",
    r"copyright\W{0,3}(?:©|\(c\)|\d{4}|by\b)|©|\(c\) ?\d{4}|.{0,100}\ball rights reserved|.{0,60}\btodos los derechos",
    r".{0,60}\btodos os direitos|.{0,60}\btous droits",
    rf"this {_WORK} (?:was|is|has been|first|originally|may) .{{0,60}}{_PUBLISHED}",
    r"(?:the )?(?:views|opinions) (?:and \w+ )?expressed|disclaimer\b|note: we ",
    r"filed (?:under|to|in)\b|(?:first|originally) published\b|last (?:updated|modified)\b",
    r"more (?:ap|news|stories)\b.{0,60}(?:https?:|www\.)|follow .{0,60}(?:https?:|www\.)",
    r"folgen sie|abonnieren sie|jetzt (?:abonnieren|anmelden|testen)|suivez|abonnez|inscrivez-vous|s[’']abonner|síguenos",
    r"suscr[ií]b|assine|inscreva-se|siga o",
    r"seguici|iscriviti|abbonati|volg ons|abonneer|meld je|obserwuj|подпи(?:сывайтесь|шитесь)|следите за (?:нами|новостями)",
    r"присоединяйтесь к",
    r"تابعوا|تابعنا|اشترك|جميع الحقوق|حقوق النشر|ikuti (?:kami|berita)|bizi takip|abone ol|עקבו אחר|הצטרפו",
    r"제보는|▷ ?(?:카카오톡|이메일|전화)|구독(?:하기|하세요)|.{0,60}무단 ?(?:전재|복제|배포)|저작권자|ⓒ|.{0,12}재배포 ?금지",
    r".{0,30}無断(?:転載|複製)|友だち追加|会員登録|关注(?:我们|公众号)|扫码|版权(?:声明|所有)|本文(?:来源|来自)",
    r"（?(?:责任)?编辑[:：]|（?責任編輯|訂閱",
)

# What trails an article where the line is no whole sentence, or short.
TRAILS_SHORT = _starts(
    r"updated?(?: at| on)?:? (?:\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w* \d)",
    r"(?:follow|like|join|subscribe|sign up|register|contact|email|e-mail|support|donate|download)\b|newsletters?\b",
    rf".{{0,40}}\bnewsletter\W*$|.{{0,30}}\bon {_SITES}\W*$",
    r"(?:source|via|quelle|fonte|fuente|источник|المصدر|출처|来源|來源|出典|kaynak|sumber|nguồn|bron|źródło) ?[:：]|(?-i:SOURCE) ",
    r"tags?(?: ?:|$| [\w ]+,)|topics? ?:|keywords? ?:|posted (?:in|under)\b|categor(?:y|ies) ?:|labels? ?:|etiquetas ?:",
    r"schlagwörter|stichwörter|mots[ -]clés|теги ?:",
    r"키워드|태그|タグ|标签|關鍵字|关键词|(?:image|photo|picture|cover|featured image) (?:credits?|source|courtesy|by)\b",
    r"(?:photo|foto|사진) ?[:：/=]",
    r"(?:published|posted) (?:on|at|in)?:? ?\d|.{0,40}\bcontributed\W*$",
    r"(?:to )?(?:read|see|view|learn|find out) (?:more|the (?:full|original)|original)\b",
    r"let us know|tell us what|what do you think|comments?\b|copyright\b|report a (?:typo|correction)|corrections?\b ?:",
)

# Short pages that are no articles, by their title, heading or first words.
GONE = _within(
    r"\bpage (?:was |could )?not (?:be )?found|\b404\b|page (?:doesn[’']t|does not|no longer) exists?",
    r"(?:article|story|page) (?:is )?no longer available",
    r"seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no (?:encontrada|existe)|página não encontrada",
    r"pagina non trovata",
    r"страница не найдена|페이지를 찾을 수 없|존재하지 않는 (?:페이지|기사)|삭제된 기사|ページが見つかりません",
    r"找不到(?:页面|頁面|网页)|页面不存在|الصفحة غير موجودة",
)
REFUSED = _within(
    r"^access denied|^forbidden|^just a moment|are you a robot|verify (?:that )?you are (?:a )?human|unusual traffic",
    r"checking your browser|^attention required",
    r"(?:enable|activate|turn on) (?:javascript|cookies)|javascript is (?:disabled|required)",
    r"your browser is (?:not supported|out of date)|request unsuccessful",
    r"not available in your (?:country|region)|unavailable (?:in|for legal reasons)|451: unavailable",
)
CONSENT = _within(
    r"^(?:we value your privacy|before you continue|your privacy (?:choices|matters))",
    r"^(?:we (?:and our .{0,30}partners )?(?:use|store) .{0,60}cookies)",
    r"^(?:wir (?:und unsere|verwenden|nutzen) .{0,60}cookies|nous utilisons (?:des )?cookies|utilizamos cookies)",
    r"^(?:ihre privatsphäre|votre vie privée|su privacidad)",
)

# How a wall's sentence begins where it stands among the text's own.
ASKS = _starts(
    r"(?:subscribe|sign (?:in|up)|log in|register|already (?:a |have an? )|to (?:continue|keep|read)|(?:continue|keep) reading|unlock)",
    r"get (?:full|unlimited)|(?:this|the) (?:article|story|content|page) is|you(?:[’']ve| have) (?:reached|read)|for subscribers",
    r"subscribers? only|members? only|only for|jetzt|weiterlesen|abonnieren|réservé|abonnez|suscr|solo para|exclusivo|riservato",
    r"유료|로그인|구독|会員|有料|続き|この記事|订阅|訂閱|付费|подпи|только для|للمشتركين|اشترك",
)

# A wall's words, wherever they stand in a block.
WALL = _within(
    r"subscri(?:be|bers?|ption)\b.{0,80}\b(?:read|continue|access|unlock|full|only|rest|article|story|unlimited)",
    r"(?:read|continue|access|unlock|full|rest|article|story)\b.{0,80}\bsubscri",
    r"(?:log|sign) in (?:or|to) .{0,40}(?:read|continue|subscribe)",
    r"(?:this|the) (?:article|story|content) is (?:for|only|available|exclusive|reserved).{0,30}(?:subscribers|members)",
    r"(?:register|create an account) (?:to|and) (?:read|continue)|you(?:[’']ve| have) reached your .{0,30}limit|members?[- ]only",
    r"abonnieren.{0,60}(?:weiter|lesen)|weiterlesen mit|réservé aux abonnés|abonnez-vous pour|suscr[ií]bete para",
    r"solo para suscriptores|exclusivo para assinantes|riservato agli abbonati",
    r"유료 ?(?:회원|구독|기사)|구독(?:자|하고|하면|후).{0,20}(?:읽|보)|로그인 ?(?:후|하시면)|会員限定|有料(?:会員|記事)",
    r"続きを読むには|この記事は.{0,12}会員|订阅.{0,12}(?:阅读|全文)|訂閱.{0,12}(?:閱讀|全文)|付费(?:阅读|内容)",
    r"подпис(?:ка|чик|аться).{0,60}(?:читать|доступ)|только для подписчиков|للمشتركين|اشترك .{0,30}(?:لقراءة|للقراءة)",
)
